/**
 * How far an outgoing message got. The states form a ladder and the reducer is `max`: commutative, associative,
 * idempotent. Therefore any order and any repetition of the same proofs ends in the same state (appendix A of the im2
 * document). A failure is only a failure to have any proof; a late proof that the server has the message outranks it.
 */
export const deliveryStates = ['sending', 'failed', 'sent', 'delivered', 'read'] as const
export type DeliveryState = (typeof deliveryStates)[number]

export function advance(current: DeliveryState, next: DeliveryState): DeliveryState {
  return deliveryStates.indexOf(next) > deliveryStates.indexOf(current) ? next : current
}

/** Which proof settled a message; `alive` means written, and the link proved alive afterwards (a silent server). */
export const deliveryProofs = ['echo', 'status', 'receipt', 'alive'] as const
export type DeliveryProof = (typeof deliveryProofs)[number]

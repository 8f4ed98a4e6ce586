/** Addresses of what main gives a page of a message; they name the message and nothing else. */
export function pictureUrl(accountId: string, messageId: number): string {
  return `app-media://${accountId}/${messageId}`
}

export function fileUrl(accountId: string, messageId: number): string {
  return `app-media://${accountId}/file/${messageId}`
}

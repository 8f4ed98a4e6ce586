import { type AppError, type ErrorCode, appError } from './errors.ts'

/** An outcome as a plain value that survives structured cloning. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: AppError }

export function ok<T>(value: T): Result<T> {
  return { ok: true, value }
}

export function fail(code: ErrorCode, detail?: string, data?: AppError['data']): Result<never> {
  return { ok: false, error: appError(code, detail, data) }
}

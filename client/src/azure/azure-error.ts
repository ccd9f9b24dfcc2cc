/** Everything that Azure refuses, in one form. `explain.ts` says what it means and what to do. */
export class AzureError extends Error {
  /** 0 when there was no answer. */
  readonly status: number;
  /** Azure's own, such as `AuthorizationFailed`; of the innermost error that says something. */
  readonly code: string;
  readonly target: string | undefined;
  /** Azure's message of each detail. */
  readonly details: readonly string[];
  /** What was called, without query, for the log. */
  readonly request: string;
  /** Azure's id of the call, for its support. */
  readonly requestId: string | undefined;
  /** A second code, with which Microsoft.Web says what it means by `Conflict`. */
  readonly extendedCode: string | undefined;
  /** Milliseconds that Azure asks to wait before the next try. */
  readonly retryAfter: number | undefined;

  constructor(parts: {
    readonly status: number;
    readonly code: string;
    readonly message: string;
    readonly request: string;
    readonly target?: string | undefined;
    readonly details?: readonly string[];
    readonly requestId?: string | undefined;
    readonly extendedCode?: string | undefined;
    readonly retryAfter?: number | undefined;
  }) {
    super(parts.message);
    this.name = 'AzureError';
    this.status = parts.status;
    this.code = parts.code;
    this.request = parts.request;
    this.target = parts.target;
    this.details = parts.details ?? [];
    this.requestId = parts.requestId;
    this.extendedCode = parts.extendedCode;
    this.retryAfter = parts.retryAfter;
  }
}

/** Not by its class: each of our bundles has its own copy of that. */
export function isAzureError(error: unknown): error is AzureError {
  return error instanceof Error && error.name === 'AzureError';
}

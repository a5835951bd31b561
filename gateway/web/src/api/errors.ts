/** A refusal by the server, or no answer at all (status 0). The message is a sentence for the user. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly param: string;
  readonly requestId: string;
  /** Seconds to wait before trying again; undefined when the server named none. */
  readonly retryAfter: number | undefined;

  constructor(status: number, fields: ErrorFields, retryAfter?: number) {
    super(fields.message || sentenceFor(status));
    this.name = "ApiError";
    this.status = status;
    this.code = fields.code || "unknown";
    this.param = fields.param ?? "";
    this.requestId = fields.request_id ?? "";
    this.retryAfter = retryAfter;
  }
}

export interface ErrorFields {
  type?: string;
  code?: string;
  message?: string;
  param?: string | null;
  request_id?: string | null;
  retry_after?: unknown;
  retry_after_s?: unknown;
  details?: unknown;
}

function sentenceFor(status: number): string {
  if (status === 0) return "The server can't be reached. Check the connection and try again.";
  if (status === 429) return "That was a little fast.";
  if (status >= 500) return "The server has a problem right now.";
  return "That did not work.";
}

function seconds(value: unknown): number | undefined {
  const parsed = typeof value === "string" ? Number.parseFloat(value) : value;
  return typeof parsed === "number" && Number.isFinite(parsed) && parsed >= 0 ? parsed : undefined;
}

/** Seconds to wait, from the fields of an error: beside them, or in `details` as seconds or milliseconds. */
export function retryAfterOf(fields: ErrorFields): number | undefined {
  const details = (typeof fields.details === "object" && fields.details !== null ? fields.details : {}) as Record<string, unknown>;
  const milliseconds = seconds(details.retry_after_ms);
  return seconds(fields.retry_after_s) ?? seconds(fields.retry_after) ?? seconds(details.retry_after) ?? seconds(details.retry_after_s) ?? (milliseconds === undefined ? undefined : milliseconds / 1000);
}

export async function errorOf(response: Response): Promise<ApiError> {
  let fields: ErrorFields = {};
  try {
    const body: unknown = await response.json();
    if (typeof body === "object" && body !== null && "error" in body) fields = (body as { error: ErrorFields }).error ?? {};
  } catch {
    // A proxy's page instead of our JSON: the status alone has to do.
  }
  return new ApiError(response.status, fields, seconds(response.headers.get("Retry-After") ?? undefined) ?? retryAfterOf(fields));
}

/** One sentence for the page: what the server said, and when to try again. */
export function describeError(error: unknown): string {
  if (!(error instanceof ApiError)) return "Something went wrong on this page. Reload and try again.";
  if (error.retryAfter === undefined || (error.status !== 429 && error.status !== 503)) return error.message;
  const wait = Math.max(1, Math.ceil(error.retryAfter));
  return `${error.message} Try again in ${wait} ${wait === 1 ? "second" : "seconds"}.`;
}

/** RFC 9457 problem details, with a pointer for each fault of the request. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly errors?: readonly Fault[];
}

export interface Fault { readonly pointer?: string; readonly detail: string }

/** An answer that says no, or none at all. `message` is fit for people. */
export class ApiError extends Error {
  constructor(readonly problem: Problem, readonly retryAfter: number | null = null) {
    super(problem.detail ?? problem.title);
    this.name = 'ApiError';
  }

  get status(): number { return this.problem.status; }

  /** What faults the answer names that its own sentence does not say already. */
  get faults(): readonly Fault[] {
    return (this.problem.errors ?? []).filter((fault) => fault.detail !== this.message);
  }
}

/** Reads the body of an answer that is no success. Anything that is no problem document is described by its status. */
export function problemOf(status: number, statusText: string, contentType: string, body: string): Problem {
  const plain: Problem = { type: 'about:blank', title: `The server answered ${status}${statusText === '' ? '' : ` ${statusText}`}.`, status };
  if (!/\bjson\b/.test(contentType)) return plain;
  let said: unknown;
  try {
    said = JSON.parse(body);
  } catch {
    return plain;
  }
  if (typeof said !== 'object' || said === null) return plain;
  const { type, title, detail, errors } = said as Record<string, unknown>;
  const faults = Array.isArray(errors) ? errors.flatMap(faultOf) : [];
  return {
    type: typeof type === 'string' ? type : plain.type,
    title: typeof title === 'string' ? title : plain.title,
    status,
    ...(typeof detail === 'string' ? { detail } : {}),
    ...(faults.length > 0 ? { errors: faults } : {}),
  };
}

function faultOf(said: unknown): Fault[] {
  if (typeof said !== 'object' || said === null) return [];
  const { pointer, detail } = said as Record<string, unknown>;
  return typeof detail === 'string' ? [{ detail, ...(typeof pointer === 'string' ? { pointer } : {}) }] : [];
}

export const unreachable: Problem = {
  type: 'about:blank',
  title: 'The server does not answer.',
  status: 0,
  detail: 'The server does not answer. Nothing was lost: runs go on by themselves. Check that it is running, then try again.',
};

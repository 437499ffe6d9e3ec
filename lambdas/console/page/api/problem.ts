/** A problem document (RFC 9457), as every refusal of the API has one. */
export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly request_id?: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

export function isProblem(value: unknown): value is Problem {
  if (typeof value !== 'object' || value === null) return false;
  const { title, status } = value as Record<string, unknown>;
  return typeof title === 'string' && typeof status === 'number';
}

import type { Problem } from '../api/problem.ts';

/** A refusal in the service's own words, each field's with it. */
export function ProblemView({ problem }: { readonly problem: Problem | undefined }) {
  if (problem === undefined) return null;
  const { title, status, detail, errors = [], request_id: requestId } = problem;
  return (
    <div class="notice bad" role="alert">
      <strong>
        {status > 0 && `${status} `}
        {title}
      </strong>
      {detail && <p>{detail}</p>}
      {errors.length > 0 && (
        <ul>
          {errors.map(({ field, message }) => (
            <li key={field}>
              <code>{field}</code>: {message}
            </li>
          ))}
        </ul>
      )}
      {requestId && <small class="faint">Request {requestId}</small>}
    </div>
  );
}

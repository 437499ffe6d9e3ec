import { Notice } from '../parts/notice.tsx';

/** The port that a tunnel would lead to. */
const port = location.port || '80';

/** What to do where the browser withholds Web Crypto, without which nothing here can be signed. */
export function InsecureNotice() {
  return (
    <Notice tone="warn">
      <strong>This page can’t sign webhooks</strong>
      <p>
        It came over plain HTTP from another machine, and a browser gives Web Crypto only to pages that nobody can have
        changed on their way. Open the console over HTTPS, or as <code>http://127.0.0.1:{port}/console</code> through a
        tunnel:
      </p>
      <p>
        <code>
          ssh -L {port}:127.0.0.1:{port} {location.hostname}
        </code>
      </p>
      <p>All the other steps work here.</p>
    </Notice>
  );
}

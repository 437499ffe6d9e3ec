import { Code } from '../../parts/code.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Notice } from '../../parts/notice.tsx';

/** A key with its secret, as issuing and rotating answer it: once. */
export interface Issued {
  readonly id: string;
  readonly secret: string;
}

/** A secret that nobody can ask for again. It is in memory alone, and gone with the page. */
export function IssuedSecret({ issued }: { readonly issued: Issued | undefined }) {
  if (issued === undefined) return null;
  return (
    <Notice tone="warn">
      <strong>The secret of {issued.id}, shown this once: keep it now</strong>
      <Code text={issued.secret} label={`The secret of ${issued.id}`} />
      <p>Functions remember keys for a few seconds: until then a new secret may be refused.</p>
      <div>
        <CopyButton text={issued.secret} label="Copy the secret" />
      </div>
    </Notice>
  );
}

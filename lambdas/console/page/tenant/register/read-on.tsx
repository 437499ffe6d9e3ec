import { formatQuantity } from '../../api/money.ts';
import { Button } from '../../parts/button.tsx';
import type { StatementRead } from './use-statement.ts';

/** For a month of more lines than one page: reads the others, says how far it is, and can be stopped. */
export function ReadOn({ read }: { readonly read: StatementRead }) {
  const { lines, isWhole, isReadingOn, readOn, stop } = read;
  if (isWhole || lines.length === 0) return null;
  return (
    <div class="row">
      {isReadingOn ? (
        <>
          <span role="status">{formatQuantity(lines.length)} lines read …</span>
          <progress aria-label="Reading all lines" />
          <Button onClick={stop}>Stop</Button>
        </>
      ) : (
        <>
          <Button onClick={() => readOn(false)}>Read the next 1,000 lines</Button>
          <Button onClick={() => readOn(true)}>Read all lines</Button>
        </>
      )}
    </div>
  );
}

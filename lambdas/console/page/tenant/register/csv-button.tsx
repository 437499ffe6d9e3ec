import { useState } from 'preact/hooks';
import { saveFile } from '../../api/save-file.ts';
import { Button } from '../../parts/button.tsx';
import { identity } from '../../session/identity.ts';
import { statementCsv, statementFileName } from './statement-csv.ts';
import type { StatementRead } from './use-statement.ts';

interface Props {
  readonly period: string;
  readonly currency: string;
  readonly read: StatementRead;
}

/** Saves the whole month as a file; what has not been read of it yet is read first. */
export function CsvButton({ period, currency, read }: Props) {
  const [isBusy, setBusy] = useState(false);
  const [said, setSaid] = useState('');
  const download = async (): Promise<void> => {
    // Whose lines they are, whomever one acts as by the time they are read.
    const name = statementFileName(identity.peek()?.facts.tenant ?? 'tenant', period);
    setBusy(true);
    const lines = await read.readOn(true);
    setBusy(false);
    if (lines === undefined) return setSaid('Not saved: not all lines could be read.');
    saveFile(name, 'text/csv;charset=utf-8', statementCsv(lines, currency));
    setSaid(`Saved ${name}.`);
  };
  return (
    <div class="row">
      <Button isBusy={isBusy} onClick={download}>
        Download CSV
      </Button>
      <span class="faint" role="status">
        {said}
      </span>
    </div>
  );
}

import type { ComponentChildren } from 'preact';
import type { CallRequest } from '../api/call.ts';
import { useAction } from '../api/use-action.ts';
import { identity, mayAdminister } from '../session/identity.ts';
import { Button } from './button.tsx';
import { CallView } from './call-view.tsx';
import { Notice } from './notice.tsx';
import { ProblemView } from './problem-view.tsx';

interface Props {
  /** What is sent when somebody insists, so that they see it refused. */
  readonly attempt: CallRequest;
  readonly children: ComponentChildren;
}

/** What is an administrator's rests locked for everybody else, who may ask deliberately to be refused. */
export function AdminOnly({ attempt, children }: Props) {
  const { call, isBusy, run } = useAction();
  const who = identity.value;
  if (mayAdminister.value) return children;
  return (
    <>
      <Notice>
        <strong>Locked</strong>
        <p>This is an administrator's, and you act as {who?.label ?? 'nobody'}. Nothing has been sent.</p>
      </Notice>
      <div>
        <Button isBusy={isBusy} onClick={() => run(attempt)}>
          Send anyway: see the 403
        </Button>
      </div>
      <ProblemView problem={call?.problem} />
      {call && <CallView call={call} />}
    </>
  );
}

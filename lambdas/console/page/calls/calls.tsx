import { callLog } from '../api/call-log.ts';
import { CallView } from '../parts/call-view.tsx';
import { Panel } from '../parts/panel.tsx';
import { SignIn } from '../session/sign-in.tsx';

/** Every call this tab has made, to be read, copied and made again elsewhere. */
export function Calls() {
  return (
    <>
      <SignIn />
      <Panel title="Calls of this tab" aside={<span class="faint">{callLog.value.length}, the newest first</span>}>
        {callLog.value.length === 0 ? (
          <p class="faint">None yet: whatever the console asks of the API is listed here.</p>
        ) : (
          callLog.value.map((made) => <CallView key={made.id} call={made} />)
        )}
      </Panel>
    </>
  );
}

import { callLog, clearCalls } from '../api/call-log.ts';
import { Button } from '../parts/button.tsx';
import { CallView } from '../parts/call-view.tsx';
import { Field } from '../parts/field.tsx';
import { Panel } from '../parts/panel.tsx';
import { Segments } from '../parts/segments.tsx';
import { useQuery } from '../routing/use-query.ts';
import { SignIn } from '../session/sign-in.tsx';
import { isFailed, isTo } from './call-filter.ts';
import './calls.css';

/** Every call this tab has made, to be read, copied and made again elsewhere. */
export function Calls() {
  const [path, setPath] = useQuery('path');
  const [show, setShow] = useQuery('show', 'all');
  const all = callLog.value;
  const found = all.filter((call) => isTo(call, path) && (show !== 'errors' || isFailed(call)));
  return (
    <>
      <SignIn />
      <Panel
        title="Calls of this tab"
        aside={
          <span class="faint" role="status">
            {found.length === all.length ? all.length : `${found.length} of ${all.length}`}, the newest first
          </span>
        }
      >
        <p class="faint">
          Whatever the console asks of the API, but for what it asks again by itself and the months that the register
          adds up to know what one began with. Kept over a reload without the tokens.
        </p>
        <div class="row calls-filter">
          <Field label="Path contains" type="search" value={path} onInput={setPath} />
          <Segments
            legend="Which calls"
            value={show}
            options={[
              ['all', 'All'],
              ['errors', 'Errors only'],
            ]}
            onChange={setShow}
          />
          <Button onClick={clearCalls}>Clear</Button>
        </div>
        {found.length === 0 && <p class="faint">{all.length === 0 ? 'None yet.' : 'None of them is like that.'}</p>}
        {found.map((made) => (
          <CallView key={made.id} call={made} />
        ))}
      </Panel>
    </>
  );
}

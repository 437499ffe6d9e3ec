import { useEffect } from 'preact/hooks';
import { identity } from '../session/identity.ts';
import { AdminNotice } from './admin-notice.tsx';
import { InsecureNotice } from './insecure-notice.tsx';
import { canSign } from './signature.ts';
import { StepList } from './step-list.tsx';
import { resume } from './take-step.ts';
import { Timeline } from './timeline-view.tsx';
import './try.css';

/** For newcomers: what happens to a request, seen from both sides. */
export function TryIt() {
  useEffect(resume, []);
  return (
    <>
      {identity.value?.facts.kind === 'admin' && <AdminNotice />}
      {!canSign() && <InsecureNotice />}
      <div class="try">
        <StepList />
        <Timeline />
      </div>
    </>
  );
}

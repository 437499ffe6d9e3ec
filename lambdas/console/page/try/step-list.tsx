import { Panel } from '../parts/panel.tsx';
import { EventFields } from './event-fields.tsx';
import { StepView } from './step-view.tsx';
import { type Step, SUGGESTED, steps } from './steps.ts';
import { WebhookFields } from './webhook-fields.tsx';

/** All there is to try, in the order that teaches most. */
export function StepList() {
  return (
    <Panel title="Step by step" aside={<span class="faint">one click each</span>}>
      <ol class="try-steps">{steps.slice(0, SUGGESTED).map(shown)}</ol>
      <h3>And two more refusals</h3>
      <ul class="try-steps">{steps.slice(SUGGESTED).map(shown)}</ul>
    </Panel>
  );
}

function shown(step: Step) {
  return (
    <StepView key={step.id} step={step}>
      {step.id === 'send' && <EventFields />}
      {step.id === 'webhook' && <WebhookFields />}
    </StepView>
  );
}

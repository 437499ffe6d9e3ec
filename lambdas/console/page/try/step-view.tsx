import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { Status } from '../parts/status.tsx';
import { identity } from '../session/identity.ts';
import { cautionOf, lockOf } from './locks.ts';
import { watcherOf } from './requests.ts';
import type { Step } from './steps.ts';
import { takeStep } from './take-step.ts';
import { isUnderWay, timeline } from './timeline.ts';

/** One step: what it teaches, what it takes, and the click that takes it. */
export function StepView({ step, children }: { readonly step: Step; readonly children: ComponentChildren }) {
  const id = useId();
  const lock = lockOf(step);
  const said = lock ?? cautionOf(step);
  const who = identity.value && watcherOf(step)?.id;
  const last = timeline.value.find((attempt) => attempt.step === step.id && attempt.watcher?.id === who);
  const submit = (event: Event): void => {
    event.preventDefault();
    if (lock === undefined) void takeStep(step);
  };
  return (
    <li class={`try-step ${last?.call?.status === step.expected ? 'done' : ''}`}>
      <form class="stack" onSubmit={submit} aria-labelledby={id}>
        <div class="spread">
          <h3 id={id}>{step.title}</h3>
          {last?.call && (
            <span class="faint">
              last answer <Status status={last.call.status} />
            </span>
          )}
        </div>
        <p class="faint">{step.lesson}</p>
        {children}
        <div class="row try-go">
          <Button submits isPrimary={step.id === 'send'} isDisabled={lock !== undefined || isUnderWay.value}>
            {step.title}
          </Button>
          {said && <small class="faint">{said}</small>}
        </div>
      </form>
    </li>
  );
}

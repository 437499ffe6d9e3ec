import type { Pages } from '../api/use-pages.ts';
import { Button } from './button.tsx';
import { ProblemView } from './problem-view.tsx';

/** Below a list: why it could not be read, and how to see more of it. */
export function More({ list }: { readonly list: Pages<unknown> }) {
  return (
    <>
      <ProblemView problem={list.call?.problem} />
      {list.more && (
        <div>
          <Button isBusy={list.isLoading} onClick={list.more}>
            Show more
          </Button>
        </div>
      )}
    </>
  );
}

import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { useQuery } from '../../routing/use-query.ts';

/** What an event's id begins with, by the channel it came in. */
const EVENT_ID = /^(?:api|adj|wh):./;

/** Searches the lines as one types. An event's whole id can be asked for itself: one that was refused has no line. */
export function Search() {
  const [search, setSearch] = useQuery('search');
  const [, openReceipt] = useQuery('event');
  return (
    <div class="row search">
      <Field
        label="Search by id, metric, kind or amount"
        type="search"
        value={search}
        onInput={(text) => setSearch(text.toWellFormed())}
      />
      {EVENT_ID.test(search) && <Button onClick={() => openReceipt(search)}>Receipt of this id</Button>}
    </div>
  );
}

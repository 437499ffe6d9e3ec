import { useState } from 'preact/hooks';
import { Table } from '../../parts/table.tsx';
import { bucketName } from './buckets.ts';
import { type Layer, sum } from './layers.ts';
import type { Granularity } from './span.ts';

interface Props {
  readonly starts: readonly string[];
  readonly granularity: Granularity;
  readonly layers: readonly Layer[];
  readonly exact: (value: bigint) => string;
}

/** The chart in numbers. Buckets without usage are left out: there may be hundreds. */
export function UsageTable({ starts, granularity, layers, exact }: Props) {
  const [isOpen, setOpen] = useState(false);
  const rows = starts.map((start, index) => ({ start, values: layers.map(({ values }) => values[index] ?? 0n) }));
  const columns = layers.map(({ id, name }, index) => ({
    ...{ key: id, title: name, isNumber: true },
    cell: ({ values }: (typeof rows)[number]) => exact(values[index] ?? 0n),
  }));
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>The same in numbers</summary>
      {isOpen && (
        <Table
          caption={`Usage by ${granularity}, in UTC`}
          none="Nothing was used."
          rows={rows.filter(({ values }) => values.some((value) => value !== 0n))}
          keyOf={({ start }) => start}
          columns={[
            { key: 'bucket', title: 'UTC', cell: ({ start }) => bucketName(start, granularity) },
            ...columns,
            { key: 'together', title: 'Together', isNumber: true, cell: ({ values }) => exact(sum(values)) },
          ]}
          footer={['All', ...layers.map(({ total }) => exact(total)), exact(sum(layers.map(({ total }) => total)))]}
        />
      )}
    </details>
  );
}

/** Selecting rows of a table, across its pages, and the bar with what can be done with them. */
import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';

const number = new Intl.NumberFormat('en-US');

export interface TableSelection<Id = number> {
  readonly selected: ReadonlySet<Id>;
  readonly select: (ids: readonly Id[], isSelected: boolean) => void;
  readonly clear: () => void;
}

/** The selection lasts as long as the list is open, across pages and filters. */
export function useTableSelection<Id = number>(): TableSelection<Id> {
  const [selected, setSelected] = useState<ReadonlySet<Id>>(new Set());
  return {
    selected,
    select: (ids, isSelected) =>
      setSelected((before) => {
        const after = new Set(before);
        for (const id of ids) {
          if (isSelected) after.add(id);
          else after.delete(id);
        }
        return after;
      }),
    clear: () => setSelected(new Set()),
  };
}

/** Returns whether rows were ever selected: the bar is loaded then, and stays with what it shows. */
export function useWasSelected({
  selected,
}: {
  readonly selected: Pick<ReadonlySet<unknown>, 'size'>;
}): boolean {
  const [wasSelected, setWasSelected] = useState(false);
  if (selected.size > 0 && !wasSelected) setWasSelected(true);
  return wasSelected;
}

interface SelectionBarProps {
  /** For screen readers: `Selected students`. */
  readonly label: string;
  readonly selection: Pick<TableSelection<never>, 'clear'> & {
    readonly selected: Pick<ReadonlySet<unknown>, 'size'>;
  };
  /** Offers to select everything that the filters match, on all pages. */
  readonly all?:
    | {
        readonly total: number;
        readonly isSelecting: boolean;
        readonly onSelectAll: () => void;
      }
    | undefined;
  /** Buttons for what can be done with the selected rows. */
  readonly children: ReactNode;
}

/** Shown below a table while rows are selected: `25 selected`, `Select all 327`, and the actions. */
export function SelectionBar({ label, selection, all, children }: SelectionBarProps) {
  const count = selection.selected.size;
  if (count === 0) return null;
  return (
    <section className="selection-bar" aria-label={label}>
      <output>{number.format(count)} selected</output>
      {all !== undefined && all.total > count && (
        <Button
          variant="subtle"
          size="compact-sm"
          loading={all.isSelecting}
          onClick={all.onSelectAll}
        >
          Select all {number.format(all.total)}
        </Button>
      )}
      <Button variant="subtle" size="compact-sm" onClick={selection.clear}>
        Clear
      </Button>
      <div className="selection-actions">{children}</div>
    </section>
  );
}

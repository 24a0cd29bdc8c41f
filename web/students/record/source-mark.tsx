/** A small mark next to a value that shows the value's source on hover and focus. */
import { useId, useState } from 'react';

interface SourceMarkProps {
  /** Name of the value: `Date of birth`. */
  readonly name: string;
  readonly sentence: string;
  readonly tabIndex: number;
}

export function SourceMark({ name, sentence, tabIndex }: SourceMarkProps) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <span className="value-with-source" onMouseLeave={() => setOpen(false)}>
      <button
        type="button"
        className="source-mark"
        tabIndex={tabIndex}
        aria-label={`Source of ${name}`}
        aria-describedby={id}
        onMouseEnter={() => setOpen(true)}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onClick={() => setOpen(true)}
        onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}
      >
        <span aria-hidden />
      </button>
      <span id={id} role="tooltip" className="source-note" data-open={isOpen || undefined}>
        {sentence}
      </span>
    </span>
  );
}

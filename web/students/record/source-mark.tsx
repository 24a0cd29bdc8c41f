/** A quiet mark beside a value that tells, on pointing at it or on focus, where the value comes from. */
import { useId, useState } from 'react';

interface SourceMarkProps {
  /** Of the value: `Birth date`. */
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
        aria-label={`Where ${name} comes from`}
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

/** A button of the header with a menu. */
import { useClickOutside, useHotkeys } from '@mantine/hooks';
import { type ReactNode, useRef } from 'react';

import { ChevronIcon } from '../icons.tsx';

interface HeaderMenuProps {
  /** Class of the button. */
  readonly className: string;
  /** The accessible name of the button, if its content is not enough. */
  readonly label?: string;
  /** Inside the button. */
  readonly button: ReactNode;
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
  /** Class of the menu, in addition to `person-menu`. */
  readonly menuClassName?: string;
  readonly children: ReactNode;
}

/** Without a library for positions: these menus open below their button, and are part of the first page. */
export function HeaderMenu({
  className,
  label,
  button,
  isOpen,
  onToggle,
  menuClassName = '',
  children,
}: HeaderMenuProps) {
  const toggle = useRef<HTMLButtonElement>(null);
  const close = () => onToggle(false);
  const menu = useClickOutside<HTMLDivElement>(() => isOpen && close());
  useHotkeys(
    isOpen
      ? [
          [
            'Escape',
            () => {
              close();
              toggle.current?.focus();
            },
          ],
        ]
      : [],
    [],
  );
  return (
    <div className="header-menu" ref={menu}>
      <button
        ref={toggle}
        type="button"
        className={className}
        aria-expanded={isOpen}
        {...(label !== undefined && { 'aria-label': label })}
        onClick={() => onToggle(!isOpen)}
      >
        {button}
        <ChevronIcon />
      </button>
      {isOpen && <div className={`person-menu ${menuClassName}`.trim()}>{children}</div>}
    </div>
  );
}

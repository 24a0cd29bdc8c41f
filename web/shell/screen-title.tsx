/** The heading of a screen. It sets the window's title and takes the focus when the screen opens. */
import { Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';

import { useProductName } from '../accounts/product-name.ts';

interface ScreenTitleProps {
  /** The window's title. */
  readonly name: string;
  readonly children: ReactNode;
}

/** The one first-level heading of a screen. */
export function ScreenTitle({ name, children }: ScreenTitleProps) {
  const product = useProductName();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${name} · ${product}`;
  }, [name, product]);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <Title order={1} ref={heading} tabIndex={-1} className="screen-title">
      {children}
    </Title>
  );
}

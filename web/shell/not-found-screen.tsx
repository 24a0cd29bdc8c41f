/** Shown for an unknown address. */
import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';

import { ScreenTitle } from './screen-title.tsx';

/** Inside the frame of a signed-in user. */
export function NotFoundScreen() {
  return (
    <div className="screen">
      <ScreenTitle name="Page not found">Page not found</ScreenTitle>
      <Text my="md">Check the address for typing errors. The page may also have moved.</Text>
      <Anchor component={Link} to="/" underline="always">
        Go to home
      </Anchor>
    </div>
  );
}

/** The same without a frame. */
export const NotFoundPage = () => (
  <main>
    <NotFoundScreen />
  </main>
);

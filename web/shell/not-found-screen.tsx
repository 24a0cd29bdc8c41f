/** An address that no screen has. */
import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';

import { ScreenTitle } from './screen-title.tsx';

/** Inside the frame of a signed-in person. */
export function NotFoundScreen() {
  return (
    <div className="screen">
      <ScreenTitle name="Not found">There is no such page</ScreenTitle>
      <Text my="md">The address may be mistyped, or the page may have moved.</Text>
      <Anchor component={Link} to="/" underline="always">
        Go to the first page
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

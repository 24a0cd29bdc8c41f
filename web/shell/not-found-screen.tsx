/** An address that no screen has. */
import { Anchor, Container, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';

import { ScreenTitle } from './screen-title.tsx';

export function NotFoundScreen() {
  return (
    <Container component="main" size="sm" py="xl">
      <ScreenTitle name="Not found">There is no such page</ScreenTitle>
      <Text my="md">The address may be mistyped, or the page may have moved.</Text>
      <Anchor component={Link} to="/">
        Go to the first page
      </Anchor>
    </Container>
  );
}

/** Shown for an unknown address, and for a page of other roles. */
import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';

import { ScreenTitle } from './screen-title.tsx';

/** Data of `notFound` for a page that the user's role may not open. */
export const noAccess = 'no-access';

/** Inside the frame of a signed-in user. */
export const NotFoundScreen = ({ data }: { readonly data?: unknown }) =>
  data === noAccess ? (
    <Message title="You don’t have access to this page.">
      Your account’s role doesn’t include it. If you need it, ask an administrator of your district.
    </Message>
  ) : (
    <Message title="Page not found">
      Check the address for typing errors. The page may also have moved.
    </Message>
  );

function Message({ title, children }: { readonly title: string; readonly children: string }) {
  return (
    <div className="screen">
      <ScreenTitle name={title.replace(/\.$/, '')}>{title}</ScreenTitle>
      <Text my="md">{children}</Text>
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

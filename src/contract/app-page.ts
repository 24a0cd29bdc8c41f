/**
 * A page of this app to which a user is sent: the type of all such addresses that come from requests.
 *
 * This folder has the schemas of every endpoint and what server and web app share. Pure.
 */
import { code } from './text.ts';

/**
 * Path, query and hash as a link inside the app writes them, never an address of another site. Browsers drop
 * tabs and line ends and read a backslash as a slash, so that `/<tab>/evil.example` leads to another site;
 * an empty segment can become the first one (`/.//evil.example`). The API is no page.
 */
export const AppPage = code(2000).regex(
  // oxlint-disable-next-line no-control-regex
  /^\/(?!api(?:[/?#]|$))(?:[^\u0000-\u001f\u007f\\/?#]+\/)*[^\u0000-\u001f\u007f\\/?#]*(?:[?#][^\u0000-\u001f\u007f\\]*)?$/,
  'must be a page of this app',
);

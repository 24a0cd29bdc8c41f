/** Help in the app: pages of the documentation and a list of them. */
import './help.css';

import { Link, useParams } from '@tanstack/react-router';
import { isValidElement, type ReactNode } from 'react';
import Markdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';

import { NotFoundScreen } from '../shell/not-found-screen.tsx';
import { ScreenTitle } from '../shell/screen-title.tsx';
import { headingName, helpLink, helpPages, pictureAddress } from './help-pages.ts';

export function HelpScreen() {
  return <Page page="" />;
}

export function HelpPageScreen() {
  return <Page page={useParams({ from: '/signed-in/help/$page' }).page} />;
}

function Page({ page }: { readonly page: string }) {
  const shown = helpPages.find((one) => one.page === page);
  if (shown === undefined) return <NotFoundScreen />;
  return (
    <div className="screen help">
      <nav aria-label="Help" className="help-pages">
        {helpPages.map((one) => (
          <PageLink key={one.page} page={one.page}>
            {one.title}
          </PageLink>
        ))}
      </nav>
      <article className="help-text">
        <ScreenTitle name={shown.title}>{shown.title}</ScreenTitle>
        <Markdown remarkPlugins={[remarkGfm]} components={parts}>
          {shown.text}
        </Markdown>
      </article>
    </div>
  );
}

interface PageLinkProps {
  readonly page: string;
  readonly hash?: string;
  readonly children: ReactNode;
}

function PageLink({ page, hash = '', children }: PageLinkProps) {
  const active = {
    activeProps: { 'aria-current': 'page' },
    activeOptions: { exact: true },
  } as const;
  return page === '' ? (
    <Link to="/help" hash={hash} {...active}>
      {children}
    </Link>
  ) : (
    <Link to="/help/$page" params={{ page }} hash={hash} {...active}>
      {children}
    </Link>
  );
}

const parts: Components = {
  h2: ({ children }) => <h2 id={headingName(textOf(children))}>{children}</h2>,
  h3: ({ children }) => <h3 id={headingName(textOf(children))}>{children}</h3>,
  // Wider than a phone, so it scrolls separately, also with the keyboard.
  table: ({ children }) => (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <figure className="help-table" aria-label="Table" tabIndex={0}>
      <table>{children}</table>
    </figure>
  ),
  // Error codes are anchors: /help/problems#wrong-credentials
  td: ({ children }) => <td id={codeOf(children)}>{children}</td>,
  img: ({ src, alt }) => {
    const address = pictureAddress(typeof src === 'string' ? src : '');
    return address === undefined ? null : <img src={address} alt={alt} loading="lazy" />;
  },
  a: ({ href = '', children }) => {
    if (href.startsWith('#')) return <a href={href}>{children}</a>;
    const link = helpLink(href);
    // Pages for operators are not part of the app.
    return link === undefined ? <span>{children}</span> : <PageLink {...link}>{children}</PageLink>;
  },
};

function textOf(node: ReactNode): string {
  if (typeof node === 'string' || typeof node === 'number') return String(node);
  if (Array.isArray(node)) return node.map((one: ReactNode) => textOf(one)).join('');
  return isValidElement<{ children?: ReactNode }>(node) ? textOf(node.props.children) : '';
}

function codeOf(node: ReactNode): string | undefined {
  const single: unknown = Array.isArray(node) && node.length === 1 ? node[0] : node;
  return isValidElement<{ children?: ReactNode }>(single) && single.type === 'code'
    ? textOf(single.props.children)
    : undefined;
}

// GraphiQL on our own origin: every operation of stories.graphql in a tab of its own.
import './workers.js';
import 'graphiql/style.css';
import './page.css';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { parse } from 'graphql';
import { createRoot } from 'react-dom/client';
import stories from './stories.graphql';

const headers = JSON.stringify({ Authorization: 'Bearer ' }, null, 2);

// A tab's text begins with the comment that stands before its operation.
function tabs(text) {
  const { definitions } = parse(text);
  let from = 0;
  return definitions.map(({ loc }) => {
    const tab = { query: text.slice(from, loc.end).trim(), headers };
    from = loc.end;
    return tab;
  });
}

createRoot(document.getElementById('graphiql')).render(
  <GraphiQL
    fetcher={createGraphiQLFetcher({ url: '/graphql' })}
    defaultTabs={tabs(stories)}
    defaultHeaders={headers}
    defaultEditorToolsVisibility="headers"
  />,
);

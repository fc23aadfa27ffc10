// GraphiQL on our own origin: sign in, and every operation of stories.graphql is a tab of its own
// with the variables it needs.
import './workers.js';
import 'graphiql/style.css';
import './page.css';
import { GraphiQL } from 'graphiql';
import { parse } from 'graphql';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { ask, signIn } from './session.js';
import stories from './stories.graphql';

// A tab's text begins with the comment that stands before its operation.
function tabs(text, known) {
  const { definitions } = parse(text);
  let from = 0;
  return definitions.map(({ loc, variableDefinitions }) => {
    const query = text.slice(from, loc.end).trim();
    from = loc.end;
    const names = variableDefinitions.map((definition) => definition.variable.name.value);
    const variables = Object.fromEntries(names.map((name) => [name, known[name] ?? '']));
    return { query, variables: JSON.stringify(variables, null, 2) };
  });
}

// Tabs are not remembered: they hold ids of the company that was signed in to.
const forgetful = { getItem: () => null, setItem() {}, removeItem() {}, clear() {}, length: 0 };

function SignIn({ onDone }) {
  const [failure, setFailure] = useState('');
  const submit = async (event) => {
    event.preventDefault();
    try {
      onDone(await signIn(Object.fromEntries(new FormData(event.currentTarget))));
    } catch (error) {
      setFailure(error.message);
    }
  };
  return (
    <form className="sign-in" onSubmit={submit}>
      <h1>Commonhold API</h1>
      <label>Company <input name="company" autoComplete="organization" defaultValue="cuihu" required /></label>
      <label>Sign-in name <input name="login" autoComplete="username" defaultValue="finance" required /></label>
      <label>
        Password <input name="password" type="password" autoComplete="current-password" autoFocus required />
      </label>
      <button>Sign in</button>
      <output role="alert">{failure}</output>
    </form>
  );
}

function Page() {
  const [session, setSession] = useState(null);
  if (!session) return <SignIn onDone={setSession} />;
  const ready = tabs(stories, session.variables);
  return (
    <>
      <header className="signed-in">
        Signed in as {session.login} of {session.company}
        <button type="button" onClick={() => setSession(null)}>Somebody else</button>
      </header>
      <GraphiQL
        fetcher={(request) => ask(session, request)}
        defaultTabs={ready}
        // The first tab's are not taken from its own.
        initialVariables={ready[0].variables}
        storage={forgetful}
        defaultEditorToolsVisibility="variables"
      />
    </>
  );
}

createRoot(document.getElementById('graphiql')).render(<Page />);

// A session that lives as long as the page: its tokens are kept nowhere else.

async function post(path, body, token) {
  const headers = { 'content-type': 'application/json' };
  if (token) headers.authorization = `Bearer ${token}`;
  const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
  const json = await answer.json();
  return { ok: answer.ok, json };
}

// Signs in and finds what the stories ask about: the first estate, this day, the month after next.
export async function signIn({ company, login, password }) {
  const { ok, json } = await post('/auth/session?mode=token', { company, login, password });
  if (!ok) throw new Error(json.error?.message ?? 'That did not work.');
  const session = { company, login, tokens: json, variables: {} };
  const query = '{ estates(first: 1) { nodes { id } } }';
  const { data } = await ask(session, { query });
  const today = new Date();
  const ahead = new Date(today.getFullYear(), today.getMonth() + 2, 15);
  session.variables = {
    estate: data?.estates?.nodes[0]?.id ?? '',
    today: day(today),
    month: day(ahead).slice(0, 7),
  };
  return session;
}

function day(date) {
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-');
}

// Sends a document; an access token that has run out is renewed once.
export async function ask(session, request) {
  const { json } = await post('/graphql', request, session.tokens.accessToken);
  if (json.errors?.[0]?.extensions?.code !== 'UNAUTHENTICATED') return json;
  const { refreshToken } = session.tokens;
  const renewed = await post('/auth/session/refresh?mode=token', { refreshToken });
  if (!renewed.ok) return json;
  session.tokens = renewed.json;
  return (await post('/graphql', request, session.tokens.accessToken)).json;
}

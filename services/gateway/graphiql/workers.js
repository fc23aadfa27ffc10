// The editors' background work, from files of our own.
const files = { json: 'json.worker.js', graphql: 'graphql.worker.js' };

globalThis.MonacoEnvironment = {
  getWorker: (_id, label) => new Worker(`/graphiql/${files[label] ?? 'editor.worker.js'}`),
};

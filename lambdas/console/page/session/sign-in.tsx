import { useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { Panel } from '../parts/panel.tsx';
import { addToken, forgetTokens, identities } from './identity.ts';

/** Where one brings a token of one's own: everywhere but on the development stack, which hands out three. */
export function SignIn() {
  const [token, setToken] = useState('');
  const submit = (event: Event): void => {
    event.preventDefault();
    if (token.trim() !== '') addToken(token.trim());
    setToken('');
  };
  return (
    <Panel title="Paste a token">
      <p>
        A tenant's or an administrator's bearer token, or an API key. It stays in this tab, until you close it, and goes
        nowhere but into the requests you make. <code>npm run token</code> mints one.
      </p>
      <form class="row" onSubmit={submit}>
        <Field label="Token or API key" type="password" value={token} onInput={setToken} />
        <Button submits isPrimary>
          Use it
        </Button>
        {identities.value.some(({ id }) => id.startsWith('pasted-')) && (
          <Button onClick={forgetTokens}>Forget pasted tokens</Button>
        )}
      </form>
    </Panel>
  );
}

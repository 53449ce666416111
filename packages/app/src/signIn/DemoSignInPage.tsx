import {
  Content,
  ContentHeader,
  Header,
  Page,
  ProxiedSignInPage,
} from '@backstage/core-components';
import {
  configApiRef,
  IdentityApi,
  SignInPageProps,
  useApi,
} from '@backstage/core-plugin-api';
import Card from '@material-ui/core/Card';
import CardActionArea from '@material-ui/core/CardActionArea';
import CardContent from '@material-ui/core/CardContent';
import Grid from '@material-ui/core/Grid';
import Typography from '@material-ui/core/Typography';
import { useState } from 'react';
import { chosenUser, readDemoUsers } from './demoUsers';

/** Signing out leads back to the choice. */
function forgetOnSignOut(identity: IdentityApi): IdentityApi {
  const signOut = identity.signOut.bind(identity);
  identity.signOut = async () => {
    chosenUser.forget();
    await signOut();
  };
  return identity;
}

/** Asks whom to be, and signs in as them through the provider `demo`. */
export const DemoSignInPage = ({ onSignInSuccess }: SignInPageProps) => {
  const users = readDemoUsers(useApi(configApiRef));
  const [chosen, setChosen] = useState(chosenUser.get());

  if (users.some(user => user.entityRef === chosen)) {
    return (
      <ProxiedSignInPage
        provider="demo"
        headers={{ 'x-demo-user': chosen! }}
        onSignInSuccess={identity => onSignInSuccess(forgetOnSignOut(identity))}
      />
    );
  }

  const choose = (entityRef: string) => {
    chosenUser.set(entityRef);
    setChosen(entityRef);
  };

  return (
    <Page themeId="home">
      <Header title="Skein" subtitle="Dataset migrations, in the portal" />
      <Content>
        <ContentHeader title="Sign in to the demo as" />
        <Grid container spacing={3} component="ul" style={{ padding: 0 }}>
          {users.map(user => (
            <Grid
              item
              xs={12}
              sm={6}
              md={4}
              key={user.entityRef}
              component="li"
              style={{ listStyle: 'none' }}
            >
              <Card>
                <CardActionArea onClick={() => choose(user.entityRef)}>
                  <CardContent>
                    <Typography variant="h5" component="h2">
                      {user.name}
                    </Typography>
                    <Typography color="textSecondary">{user.role}</Typography>
                  </CardContent>
                </CardActionArea>
              </Card>
            </Grid>
          ))}
        </Grid>
      </Content>
    </Page>
  );
};

// A certificate for `localhost` that nobody vouches for, with its key: for a receiver that must not be believed.
export const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgHYlfbz96qJm2CMHK
APLMgy3WyCsYfuV/jgStRn/10/2hRANCAASkY+pDR5Jdi2+ffkZ0B5l7nmtuFRwp
SorFNfaVtSrd5B6qXaFlz87dXrVYQzmD0ywJ7hVPxk6nq0KyCuJS0Fir
-----END PRIVATE KEY-----`

export const cert = `-----BEGIN CERTIFICATE-----
MIIBfjCCASWgAwIBAgIUIi2y+BL0oxnxEQO1uf92SGMhtX4wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjIyMTkzNloYDzIxMjYxMDI5
MjIxOTM2WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASkY+pDR5Jdi2+ffkZ0B5l7nmtuFRwpSorFNfaVtSrd5B6qXaFlz87d
XrVYQzmD0ywJ7hVPxk6nq0KyCuJS0Firo1MwUTAdBgNVHQ4EFgQUrlzYU1SkH+2l
u+vOzWxjYZI8u2UwHwYDVR0jBBgwFoAUrlzYU1SkH+2lu+vOzWxjYZI8u2UwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiBZV+UsbrJxh+e2jL80swci
NAg6uslq4I/E4mUirSYycQIge0CtLyqHSRc6rt6GfCRsjOtssS1ur+jgOg0T8bCq
B4Y=
-----END CERTIFICATE-----`

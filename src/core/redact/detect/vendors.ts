import { beginningsOf } from "../beginnings.ts";
import type { Emit } from "../hit.ts";
import { matchAt, placesOf, type Survey } from "../survey.ts";

/**
 * Tokens that say themselves whose they are. One line per form: a literal beginning, then what follows it, as regular
 * expression source with bounded repeats, tried only where that beginning stands.
 */
const w = "[\\w-]";
const an = "[A-Za-z0-9]";
const forms: readonly (readonly [name: string, begin: string, rest: string])[] = [
  ["openai", "sk-", `(?:proj-|svcacct-|admin-|None-|or-v1-|ant-|lf-|or-|live-|test-)?(?:[a-z]{2,5}\\d\\d-)?${w}{16,240}`],
  ["openai-session", "sess-", `${an}{32,64}`],
  ["anthropic", "sk-ant-", `${w}{16,240}`],
  ["langfuse", "pk-lf-", `${w}{20,60}`],
  ["aws-access-key", "AKIA", "[A-Z0-9]{16}(?![A-Za-z0-9])"],
  ["aws-access-key", "ASIA", "[A-Z0-9]{16}(?![A-Za-z0-9])"],
  ["aws-access-key", "ABIA", "[A-Z0-9]{16}(?![A-Za-z0-9])"],
  ["aws-access-key", "ACCA", "[A-Z0-9]{16}(?![A-Za-z0-9])"],
  ["aws-bedrock", "ABSK", "[A-Za-z0-9+/]{60,200}={0,2}"],
  ["github", "ghp_", `${an}{20,255}`],
  ["github", "gho_", `${an}{20,255}`],
  ["github", "ghu_", `${an}{20,255}`],
  ["github", "ghs_", `${an}{20,255}`],
  ["github", "ghr_", `${an}{20,255}`],
  ["github", "github_pat_", "\\w{22,255}"],
  ["github-app", "v1.", "[0-9a-f]{40}(?![0-9a-f])"],
  ["gitlab", "glpat-", `${w}{16,300}(?:\\.[0-9a-z]{2}\\.[0-9a-z]{7,9})?`],
  ["gitlab", "gldt-", `${w}{16,64}`],
  ["gitlab", "glptt-", `${w}{16,64}`],
  ["gitlab", "glrt-", `${w}{16,64}`],
  ["gitlab", "glsoat-", `${w}{16,64}`],
  ["gitlab", "glcbt-", `${w}{16,64}`],
  ["gitlab", "glimt-", `${w}{16,64}`],
  ["gitlab", "glft-", `${w}{16,64}`],
  ["gitlab", "glagent-", `${w}{16,64}`],
  ["gitlab", "gloas-", `${w}{16,64}`],
  ["gitlab", "glffct-", `${w}{16,64}`],
  ["gitlab-runner", "GR1348941", `${w}{16,64}`],
  ["gitlab-session", "gitlab_session=", "[0-9a-z]{32}"],
  ["slack", "xox", "[abeoprs](?:-[\\w]{2,200}){1,6}"],
  ["slack", "xoxe.xox", "[bp]-\\d-\\w{100,300}"],
  ["slack-app", "xapp-", `${w}{20,300}`],
  ["slack-webhook", "hooks.slack.com/", "(?:services|workflows|triggers)/[\\w/+-]{20,120}"],
  ["teams-webhook", "webhook.office.com/", "webhookb2/[\\w@/-]{60,300}"],
  ["discord-webhook", "discord.com/api/webhooks/", `\\d{5,30}/${w}{20,120}`],
  ["discord-webhook", "discordapp.com/api/webhooks/", `\\d{5,30}/${w}{20,120}`],
  ["google-api", "AIza", `${w}{30,45}`],
  ["google-oauth", "GOCSPX-", `${w}{20,40}`],
  ["google-oauth", "ya29.", `${w}{20,400}`],
  ["google-refresh", "1//0", `${w}{30,200}`],
  ["stripe", "sk_live_", `${an}{10,250}`],
  ["stripe", "sk_test_", `${an}{10,250}`],
  ["stripe", "rk_live_", `${an}{10,250}`],
  ["stripe", "rk_test_", `${an}{10,250}`],
  ["stripe", "sk_prod_", `${an}{10,250}`],
  ["stripe", "rk_prod_", `${an}{10,250}`],
  ["stripe-webhook", "whsec_", "[A-Za-z0-9+/=]{20,200}"],
  ["square", "sq0", `(?:atp|csp|idp|idb)-${w}{20,60}`],
  ["square", "EAAA", `${w}{56,64}`],
  ["facebook", "EAA", `[CM]${an}{80,300}`],
  ["facebook", "EAAC", `${an}{20,300}`],
  ["paypal-braintree", "access_token$", "(?:production|sandbox)\\$[0-9a-z]{10,20}\\$[0-9a-f]{30,34}"],
  ["twilio", "SK", "[0-9a-fA-F]{32}(?![0-9a-fA-F])"],
  ["twilio-account", "AC", "[0-9a-f]{32}(?![0-9a-f])"],
  ["sendgrid", "SG.", `${w}{16,40}\\.${w}{30,60}`],
  ["mailgun", "key-", "[0-9a-f]{32}(?![0-9a-f])"],
  ["mailgun", "pubkey-", "[0-9a-f]{32}(?![0-9a-f])"],
  ["sendinblue", "xkeysib-", `[0-9a-f]{32,80}-${an}{12,20}`],
  ["sendinblue", "xsmtpsib-", `[0-9a-f]{32,80}-${an}{12,20}`],
  ["resend", "re_", `${an}{8,12}_${an}{20,30}`],
  ["npm", "npm_", `${an}{30,60}`],
  ["pypi", "pypi-", `${w}{50,1000}`],
  ["rubygems", "rubygems_", "[0-9a-f]{40,60}"],
  ["nuget", "oy2", "[a-z0-9]{43}(?![a-z0-9])"],
  ["cargo", "cio", `${an}{32}(?!${an})`],
  ["docker", "dckr_pat_", `${w}{20,60}`],
  ["docker", "dckr_oat_", `${w}{20,60}`],
  ["huggingface", "hf_", `${an}{20,60}`],
  ["huggingface", "api_org_", `${an}{30,40}`],
  ["replicate", "r8_", `${an}{30,50}`],
  ["groq", "gsk_", `${an}{40,64}`],
  ["perplexity", "pplx-", `${an}{32,64}`],
  ["xai", "xai-", `${an}{40,100}`],
  ["fireworks", "fw_", `${an}{20,40}`],
  ["fireworks", "fw-", `${an}{20,40}`],
  ["langsmith", "lsv2_", "(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{8,12}"],
  ["langsmith", "ls__", "[0-9a-f]{32}"],
  ["tavily", "tvly-", `${w}{20,60}`],
  ["pinecone", "pcsk_", "\\w{40,90}"],
  ["cerebras", "csk-", `${an}{30,60}`],
  ["nvidia", "nvapi-", `${w}{50,80}`],
  ["jina", "jina_", `${an}{40,80}`],
  ["firecrawl", "fc-", "[0-9a-f]{32}(?![0-9a-f])"],
  ["e2b", "e2b_", "[0-9a-f]{30,50}"],
  ["helicone", "sk-helicone-", `${w}{16,60}`],
  ["databricks", "dapi", "[0-9a-f]{32}(?:-\\d)?(?![0-9a-f])"],
  ["digitalocean", "dop_v1_", "[0-9a-f]{40,64}"],
  ["digitalocean", "doo_v1_", "[0-9a-f]{40,64}"],
  ["digitalocean", "dor_v1_", "[0-9a-f]{40,64}"],
  ["doppler", "dp.", `(?:pt|st|ct|sa|scim|audit)\\.(?:[a-z0-9_-]{2,35}\\.)?${an}{36,50}`],
  ["dynatrace", "dt0c01.", "[A-Z0-9]{20,28}\\.[A-Z0-9]{50,70}"],
  ["dynatrace", "dt0s", "\\d\\d\\.[A-Z0-9]{6,28}\\.[A-Z0-9]{50,70}"],
  ["easypost", "EZAK", `${an}{50,60}`],
  ["easypost", "EZTK", `${an}{50,60}`],
  ["flutterwave", "FLWSECK", "(?:_TEST)?-[0-9a-zA-Z]{10,40}(?:-X)?"],
  ["flutterwave", "FLWPUBK", "(?:_TEST)?-[0-9a-zA-Z]{10,40}(?:-X)?"],
  ["frameio", "fio-u-", `${w}{50,70}`],
  ["grafana", "glc_", "[A-Za-z0-9+/]{30,400}={0,2}"],
  ["grafana", "glsa_", `${an}{28,36}_[0-9A-Fa-f]{8}`],
  ["grafana", "eyJrIjoi", "[A-Za-z0-9+/]{40,400}={0,2}"],
  ["vault", "hvs.", `${w}{20,200}`],
  ["vault", "hvb.", `${w}{20,300}`],
  ["vault", "hvr.", `${w}{20,300}`],
  ["heroku", "HRKU-", `${w}{30,70}`],
  ["linear", "lin_api_", `${an}{30,50}`],
  ["linear", "lin_oauth_", "[0-9a-f]{50,70}"],
  ["notion", "secret_", `${an}{40,50}`],
  ["notion", "ntn_", `${an}{40,60}`],
  ["airtable", "pat", `${an}{14}\\.[0-9a-f]{64}`],
  ["atlassian", "ATATT3", "[\\w=-]{100,250}"],
  ["atlassian", "ATCTT3", "[\\w=-]{60,250}"],
  ["atlassian", "ATBB", `${an}{28,40}`],
  ["atlassian", "ATSTT3", "[\\w=-]{100,250}"],
  ["figma", "figd_", `${w}{30,60}`],
  ["figma", "figo_", `${w}{30,60}`],
  ["postman", "PMAK-", "[0-9a-f]{20,28}-[0-9a-f]{30,40}"],
  ["planetscale", "pscale_", "(?:tkn|pw|oauth)_[\\w.=-]{30,70}"],
  ["prefect", "pnu_", `${an}{30,40}`],
  ["pulumi", "pul-", "[0-9a-f]{40}"],
  ["readme", "rdme_", `${an}{60,80}`],
  ["scalingo", "tk-us-", `${w}{40,60}`],
  ["sentry", "sntrys_", "[A-Za-z0-9+/=_]{40,250}"],
  ["sentry", "sntryu_", "[0-9a-f]{60,70}"],
  ["shippo", "shippo_live_", "[0-9a-f]{30,48}"],
  ["shippo", "shippo_test_", "[0-9a-f]{30,48}"],
  ["shopify", "shp", "(?:at|ca|pa|ss|ua)_[0-9a-fA-F]{30,40}"],
  ["sourcegraph", "sgp_", "(?:[0-9a-f]{16}_|local_)?[0-9a-f]{40}"],
  ["sourcegraph", "slk_", "[0-9a-f]{60,70}"],
  ["sonar", "sqp_", "[0-9a-f]{40}"],
  ["sonar", "squ_", "[0-9a-f]{40}"],
  ["sonar", "sqa_", "[0-9a-f]{40}"],
  ["supabase", "sbp_", "[0-9a-f]{40}"],
  ["supabase", "sb_secret_", `${w}{20,60}`],
  ["tailscale", "tskey-", `[a-z]{2,12}-${w}{20,80}`],
  ["typeform", "tfp_", "[\\w.-]{40,70}"],
  ["twitch", "oauth:", "[a-z0-9]{30}(?![a-z0-9])"],
  ["telegram", "bot", `\\d{8,10}:${w}{33,37}`],
  ["adobe", "p8e-", `${an}{30,40}`],
  ["alibaba", "LTAI", `${an}{12,30}`],
  ["age", "AGE-SECRET-KEY-1", "[A-Z0-9]{50,60}"],
  ["artifactory", "AKCp", `${an}{10,80}`],
  ["artifactory", "cmVmd", `${an}{50,70}`],
  ["buildkite", "bkua_", "[0-9a-f]{40}"],
  ["buildkite", "bkaj_", `${w}{20,60}`],
  ["circleci", "CCIPAT_", `${w}{20,100}`],
  ["circleci", "CCIPRJ_", `${w}{20,100}`],
  ["clojars", "CLOJARS_", "[0-9a-z]{50,70}"],
  ["clickhouse", "4b1d", `${an}{38}(?!${an})`],
  ["cloudflare-ca", "v1.0-", "[0-9a-f]{20,30}-[0-9a-f]{100,160}"],
  ["contentful", "CFPAT-", `${w}{30,60}`],
  ["duffel", "duffel_", `(?:live|test)_${w}{30,60}`],
  ["endorlabs", "endr+", `${w}{16}`],
  ["fly", "fo1_", `${w}{30,60}`],
  ["fly", "FlyV1 fm", "\\d?[\\w]?_[A-Za-z0-9+/=,_-]{50,800}"],
  ["gocardless", "live_", `${w}{38,45}`],
  ["hashnode", "hnp_", `${an}{20,60}`],
  ["harness", "pat.", `${w}{18,30}\\.[0-9a-zA-Z]{20,30}\\.[0-9a-zA-Z]{16,24}`],
  ["hubspot", "pat-", "(?:na|eu|ap)\\d-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"],
  ["infracost", "ico-", `${an}{32}`],
  ["intra42", "s-s4t2", "(?:ud|af)-[0-9a-f]{64}"],
  ["launchdarkly", "sdk-", "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"],
  ["launchdarkly", "api-", "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"],
  ["lob", "live_pub_", "[0-9a-f]{31}"],
  ["lob", "test_pub_", "[0-9a-f]{31}"],
  ["mapbox", "pk.eyJ", "[\\w-]{20,200}\\.[\\w-]{20,60}"],
  ["mapbox", "sk.eyJ", "[\\w-]{20,200}\\.[\\w-]{20,60}"],
  ["newrelic", "NRAK-", "[A-Z0-9]{27}"],
  ["newrelic", "NRJS-", "[a-f0-9]{19}"],
  ["newrelic", "NRII-", `${w}{32}`],
  ["newrelic", "NRAA-", "[a-f0-9]{27}"],
  ["newrelic", "eu01xx", `${an}{34}`],
  ["octopus", "API-", "[A-Z0-9]{25,32}(?![A-Za-z0-9])"],
  ["okta", "SSWS ", `${w}{40,46}`],
  ["onepassword", "A3-", "[A-Z0-9]{6}-[A-Z0-9]{6,11}(?:-[A-Z0-9]{5}){3,4}"],
  ["onepassword", "ops_eyJ", "[A-Za-z0-9+/]{100,1200}={0,3}"],
  ["openshift", "sha256~", `${w}{43}`],
  ["paystack", "sk_", `(?:live|test)_${an}{30,60}`],
  ["persona", "persona_", "(?:production|sandbox)_[0-9a-f-]{30,40}"],
  ["polar", "polar_", "(?:oat|pat|at|rt|cr)_[A-Za-z0-9]{30,60}"],
  ["posthog", "phx_", `${an}{40,50}`],
  ["posthog", "phc_", `${an}{40,50}`],
  ["pusher", "pusher_", `${an}{20,60}`],
  ["ramp", "ramp_", "(?:id|sec)_[A-Za-z0-9]{40,50}"],
  ["razorpay", "rzp_", "(?:live|test)_[A-Za-z0-9]{10,20}"],
  ["revenuecat", "appl_", `${an}{24,34}`],
  ["revenuecat", "goog_", `${an}{24,34}`],
  ["rootly", "rootly_", "[0-9a-f]{60,70}"],
  ["salesforce", "00D", `${an}{12,15}![\\w.]{60,130}`],
  ["salesforce-refresh", "5Aep861", "[\\w._]{60,120}"],
  ["salad", "salad_cloud_", `${w}{4,10}_${an}{30,60}`],
  ["sanity", "sk", `${an}{80,200}(?!${an})`],
  ["settlemint", "sm_", "(?:aat|pat|sat)_[A-Za-z0-9]{16}"],
  ["snyk", "snyk_", "(?:uat|sat|rat|pat)\\.[\\w.-]{20,200}"],
  ["supermetrics", "api_", `${an}{40,80}`],
  ["tines", "tines_", `${w}{30,60}`],
  ["trello", "ATTA", "[0-9a-fA-F]{64,76}"],
  ["thunderstore", "tss_", `${an}{20,60}`],
  ["uploadthing", "sk_live_", "[0-9a-f]{60,70}"],
  ["vercel", "vercel_blob_rw_", "\\w{20,80}"],
  ["vercel", "vc", "[apkri]_[A-Za-z0-9]{24,60}"],
  ["voiceflow", "VF.", `(?:DM|WS)\\.[0-9a-f]{24}\\.${an}{16}`],
  ["web3", "0x", "[0-9a-fA-F]{64}(?![0-9a-fA-F])"],
  ["yandex", "AQVN", `${w}{35,38}`],
  ["yandex", "t1.", "[A-Z0-9a-z_-]{10,400}={0,2}\\.[A-Z0-9a-z_-]{80,90}={0,2}"],
  ["zapier-webhook", "hooks.zapier.com/hooks/catch/", "\\d{4,12}/\\w{5,12}"],
  ["zuplo", "zpka_", "\\w{30,80}"],
  ["portkey", "pk-live-", "[0-9a-f-]{36}"],
  ["wandb", "wandb_v1_", `${w}{40,120}`],
  ["voyage", "pa-", `${w}{43}(?!${w})`],
  ["deepgram", "dg_", "[0-9a-f]{40}"],
  ["apify", "apify_api_", `${an}{30,44}`],
  ["axiom", "xaat-", "[0-9a-f-]{36}"],
  ["axiom", "xapt-", "[0-9a-f-]{36}"],
  ["wakatime", "waka_", "[0-9a-f-]{36}"],
  ["launchdarkly", "mob-", "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"],
  ["pubnub", "sub-c-", "[0-9a-f-]{36}"],
  ["pubnub", "pub-c-", "[0-9a-f-]{36}"],
  ["pubnub", "sec-c-", "[A-Za-z0-9+/]{40,60}={0,2}"],
  ["plaid", "access-production-", "[0-9a-f-]{36}"],
  ["plaid", "access-sandbox-", "[0-9a-f-]{36}"],
  ["plaid", "access-development-", "[0-9a-f-]{36}"],
  ["ibm", "ApiKey-", "[0-9a-f-]{36}"],
  ["mandrill", "md-", `${w}{22}(?!${w})`],
  ["mailersend", "mlsn.", "[0-9a-f]{60,70}"],
  ["terraform", "atlasv1.", `${w}{50,80}`],
  ["dropbox", "sl.", `(?:u\\.)?${w}{100,1200}`],
  ["tiktok", "act.", `${an}{40,80}!\\d{4}\\.\\w{2}`],
  ["linkedin", "WPL_AP1.", "[\\w.+/=-]{16,40}"],
  ["bitbucket", "BBDC-", "[A-Za-z0-9+/:=]{30,60}"],
  ["atlassian", "ATOA", `${w}{50,80}`],
  ["infisical", "st.", "[0-9a-f]{24}\\.[0-9a-f]{32}\\.[0-9a-f]{32}"],
  ["bitwarden", "0.", "[0-9a-f-]{36}\\.[A-Za-z0-9]{28,34}:[A-Za-z0-9+/]{20,24}={0,2}"],
  ...["v1.", "v2.", "v3.", "v4."].map((version) => ["paseto", version, "(?:local|public)\\.[\\w-]{32,800}(?:\\.[\\w-]{4,400})?"] as const),
  ["vault", "s.", `${an}{24}(?!${an})`],
  ["tinybird", "p.eyJ", `${w}{20,200}\\.${w}{20,80}`],
  ["jina", "jina_", `${w}{40,80}`],
  ["settlemint", "sm_aat_", "[A-Za-z0-9]{16}"],
  ["settlemint", "sm_pat_", "[A-Za-z0-9]{16}"],
  ["settlemint", "sm_sat_", "[A-Za-z0-9]{16}"],
  ["snowflake", "snowflake_pat_", `${w}{40,80}`],
  ["stytch", "secret-live-", `${w}{24,40}={0,2}`],
  ["stytch", "secret-test-", `${w}{24,40}={0,2}`],
  ["statsig", "secret-", `${an}{36,50}(?!${an})`],
  ["statsig", "console-", `${an}{36,50}(?!${an})`],
  ["firebase", "APA91b", `${w}{100,180}`],
  ["aws-bedrock", "bedrock-api-key-", "[A-Za-z0-9+/=]{60,1400}"],
  ["gitlab", "glwt-", `${w}{16,64}`],
  ["telnyx", "KEY01", "[0-9A-F]{30,34}_[A-Za-z0-9]{20,24}"],
  ["coinbase", "organizations/", "[0-9a-f-]{36}/apiKeys/[0-9a-f-]{36}"],
  ["evernote", "S=s", "\\d{1,4}:U=[0-9a-f]{1,8}:E=[0-9a-f]{8,14}:C=[0-9a-f]{8,14}:P=[0-9a-f]{1,4}:A=[\\w.-]{1,40}:V=\\d:H=[0-9a-f]{32}"],
  ["dingtalk", "SEC", "[0-9a-f]{64}"],
  ["bip32", "xprv9", "[1-9A-HJ-NP-Za-km-z]{80,110}"],
  ["hash-bcrypt", "2a$", "\\d\\d\\$[A-Za-z0-9./]{53}"],
  ["hash-bcrypt", "2b$", "\\d\\d\\$[A-Za-z0-9./]{53}"],
  ["hash-bcrypt", "2y$", "\\d\\d\\$[A-Za-z0-9./]{53}"],
  ["hash-crypt", "1$", "[A-Za-z0-9./]{1,16}\\$[A-Za-z0-9./]{22}"],
  ["hash-crypt", "5$", "(?:rounds=\\d+\\$)?[A-Za-z0-9./]{1,16}\\$[A-Za-z0-9./]{43}"],
  ["hash-crypt", "6$", "(?:rounds=\\d+\\$)?[A-Za-z0-9./]{1,16}\\$[A-Za-z0-9./]{86}"],
  ["hash-crypt", "y$", "[A-Za-z0-9./]{1,8}\\$[A-Za-z0-9./]{1,32}\\$[A-Za-z0-9./]{43}"],
  ["hash-argon2", "argon2", "(?:id?|d)\\$v=\\d+\\$[\\w=,]{5,60}\\$[A-Za-z0-9+/]{8,64}\\$[A-Za-z0-9+/]{20,100}"],
  ["hash-pbkdf2", "pbkdf2_sha256$", "\\d+\\$[A-Za-z0-9+/]{4,40}\\$[A-Za-z0-9+/=]{40,60}"],
  ["ifttt-webhook", "maker.ifttt.com/", `trigger/[\\w/-]{1,80}/key/${w}{20,60}`],
  ["make-webhook", "hook.", `(?:eu|us)\\d\\.make\\.com/${an}{24,40}`],
  ["discord-webhook", "canary.discord.com/api/webhooks/", `\\d{5,30}/${w}{20,120}`],
  ["pagerduty", "pdus+_", "[0-9A-Za-z_+]{20,60}"],
  ["pagerduty", "pdeu+_", "[0-9A-Za-z_+]{20,60}"],
  ["asana", "1/", "\\d{12,20}:[0-9a-f]{32}"],
  ["asana", "2/", "\\d{12,20}/\\d{12,20}:[0-9a-f]{32}"],
  ["databricks", "dose", "[0-9a-f]{32}"],
  ["laravel", "base64:", "[A-Za-z0-9+/]{43}="],
  ["ngrok", "ak_", `${an}{27,32}`],
  ["aws-mws", "amzn.mws.", "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"],
  ["amazon-oauth", "amzn1.oa2-cs.v1.", "[0-9a-f]{64}"],
];

const literal = (text: string): string => text.replace(/[$()*+.?[\\\]^{|}]/g, "\\$&");

type Form = { readonly name: string; readonly begin: string; readonly pattern: RegExp };

/** Beginnings grouped by their first two characters; the longest first, so that `sk-ant-` wins over `sk-`. */
const byHead = new Map<number, Form[]>();
/** Forms known by a sign in their middle: sign, how far before it to begin. `skip`: where in the sign a word begins, or its `=`. */
const bySign: readonly { readonly name: string; readonly sign: string; readonly before: number; readonly skip?: number; readonly pattern: RegExp }[] = [
  { name: "terraform", sign: ".atlasv1.", skip: 1, before: 14, pattern: /[A-Za-z0-9]{14}\.atlasv1\.[\w-]{50,80}/y },
  { name: "pipedream-webhook", sign: ".m.pipedream.net", skip: 3, before: 15, pattern: /eo[a-z0-9]{13}\.m\.pipedream\.net/y },
  { name: "newrelic", sign: "NRAL", before: 36, pattern: /[0-9a-f]{36}NRAL|[0-9a-f]{32}FFFFNRAL/y },
  { name: "maxmind", sign: "_mmk", skip: 1, before: 36, pattern: /[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk/y },
  { name: "azure-ad", sign: "Q~", before: 4, pattern: /[\w~.]{3}\dQ~[\w~.-]{31,34}/y },
  { name: "azure-storage", sign: "AccountKey=", skip: 10, before: 0, pattern: /AccountKey=[A-Za-z0-9+/]{40,90}={0,2}/y },
  { name: "azure-sas", sign: "SharedAccessKey=", skip: 15, before: 0, pattern: /SharedAccessKey=[A-Za-z0-9+/]{30,90}={0,2}/y },
];
for (const [name, begin, rest] of [...forms].sort((a, b) => b[1].length - a[1].length)) {
  const head = begin.charCodeAt(0) * 128 + begin.charCodeAt(1);
  byHead.set(head, [...(byHead.get(head) ?? []), { name, begin, pattern: new RegExp(literal(begin) + rest, "y") }]);
}

/** What vendors' tokens begin with, and tokens of JSON (`eyJ…`). */
export const vendorBeginnings = beginningsOf([...forms.map(([, begin]) => [begin, 0] as const).filter(([begin]) => begin.length > 1), ["eyJ", 0], ...bySign.flatMap(({ sign, skip }) => (skip === undefined || sign.endsWith("=") ? [] : [[sign.slice(skip), 0] as const]))], { anyCase: false });

/** Tokens with a vendor's own beginning, `certain`. */
export function findVendorTokens({ text, heads, signs }: Pick<Survey, "text" | "heads" | "signs">, emit: Emit): void {
  for (const start of heads) {
    const rows = byHead.get(text.charCodeAt(start) * 128 + text.charCodeAt(start + 1));
    if (rows === undefined) continue;
    for (const { name, pattern, begin } of rows) {
      if (!text.startsWith(begin, start)) continue;
      const found = matchAt(pattern, text, start)?.[0] ?? cutOff(text, start, begin);
      if (found === undefined) continue;
      const body = found.slice(begin.length);
      // Few long tokens have no digit; they still change between small and capital letters all the time.
      if (begin.length < 4 && !/\d/.test(body) && !(body.length >= 24 && (body.match(/[a-z][A-Z]/g)?.length ?? 0) >= 4)) continue;
      if (new Set(body).size < 5 || /^[a-z]+(?:[-_][a-z]+)*$/.test(body) || /^[a-z]+(?:-[a-z]+){2,}/.test(body)) continue;
      // A hash begins with a dollar sign.
      const from = name.endsWith("webhook") ? beginOfHook(text, start) : name.startsWith("hash") && text[start - 1] === "$" ? start - 1 : start;
      if (name === "hash-crypt" && from === start) break;
      emit({ start: from, end: start + found.length, kind: "SECRET", tier: "certain", rule: `token-${name}` });
      break;
    }
  }
  const assigned = signs.filter((at) => text.charCodeAt(at) === 61 && text.charCodeAt(at - 1) === 121 && text.startsWith("Key", at - 3));
  for (const { name, sign, skip, before, pattern } of bySign)
    for (const place of skip === undefined ? placesOf(text, sign) : sign.endsWith("=") ? assigned : heads) {
      const at = place - (skip ?? 0);
      if (!text.startsWith(sign, at)) continue;
      const found = matchAt(pattern, text, Math.max(0, at - before))?.[0];
      if (found === undefined) continue;
      const start = Math.max(0, at - before) + (sign.endsWith("=") ? sign.length : 0);
      emit({ start: name.endsWith("webhook") ? beginOfHook(text, start) : start, end: at - before + found.length, kind: "SECRET", tier: "certain", rule: `token-${name}` });
    }
}

/** A hook's address is one secret with its scheme. */
const beginOfHook = (text: string, start: number): number => start - (/https?:\/\/(?:[\w-]{1,40}\.){0,3}$/.exec(text.slice(Math.max(0, start - 90), start))?.[0].length ?? 0);

const tail = /[\w-]{4,64}(?=(?:\.{3}|…)?\s{0,2}(?:\[truncated\]|\[?…|$|\n\f))/y;
/** A field may be cut in the middle of a token: what stands at the very end after a long beginning is one, too. */
function cutOff(text: string, start: number, begin: string): string | undefined {
  if (begin.length < 4) return undefined;
  const rest = matchAt(tail, text, start + begin.length)?.[0];
  return rest === undefined || !/\d/.test(rest) ? undefined : begin + rest;
}

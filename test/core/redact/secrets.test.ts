import { describe, expect, test } from "vitest";
import { clean, filtered, secret } from "./support.ts";

// Put together here, so that no scanner takes this file for a leak.
const hex = secret("9f86d081884c7d65", "9a2feaa0c55ad015");
const uuid = secret("3f2504e0-4f89-41d3", "-9a0c-0305e82c3301");
const base62 = secret("kT7wQ2mZ9xLp4", "RvB8nYc3Hd6");
const password = secret("Mango4220", "*CDRs");
const base64 = secret("Dcmp/dEKqcCjKyxg/h6WbSnnfjqfh", "Idk8CaEdu1KBS3M5c5ubFhLfwZ/mzbhEf6v");

/** All of a value that is masked, or undefined. */
const leftOf = (text: string, value: string): string => {
  const found = filtered([text])[0]?.findings.filter(({ tier }) => tier !== "suspect") ?? [];
  const start = text.indexOf(value);
  return Array.from(value, (char, i) => (found.some((hit) => hit.start <= start + i && start + i < hit.end) ? "" : char)).join("");
};

describe("a token that says not whose it is, is masked whole", () => {
  test.each([
    ["beside the name of a service", `bugsnag: ${hex}`, hex],
    ["an identifier beside the name of a service", `| pagerduty | ${uuid} |`, uuid],
    ["behind a word that means something else too, right after it", `together: ${hex}`, hex],
    ["behind a prefix of its own", `use meili_${base62} there`, `meili_${base62}`],
    ["behind a prefix, in hexadecimal", `use aai_${hex} there`, `aai_${hex}`],
    ["alone on its line, as an item of a list", `keys\n  - wiz_${base62}\n`, `wiz_${base62}`],
    ["behind a version and a purpose", `got v4.local.${base62}${base62} back`, `v4.local.${base62}${base62}`],
    ["with slashes", `key: ${base64}`, base64],
    ["in parts with dots", `client("kT7wQ2mZ9xLp4a.atlasv1.${base62}${base62}${base62}")`, `kT7wQ2mZ9xLp4a.atlasv1.${base62}${base62}${base62}`],
    ["an argument beside a name", `os.getenv("MAIL_PASS", "${password}")`, password],
    ["in quotes as an argument of what signs", `hmac.new(b"${hex}", msg)`, hex],
    ["the value that a name stands before", `- name: DB_PASSWORD\n  value: "${password}"`, password],
    ["a key of sixteen digits beside a service", `| flickr API key | ${hex.slice(0, 16)} |`, hex.slice(0, 16)],
    ["on the line after its label", `API KEY\n${hex}`, hex],
    ["a name that holds words of digests", `ENV BRAINTREE_PRIVATE_KEY ${hex}`, hex],
    ["in hexadecimal, behind a prefix and after a word for it", `the incidentio key: inc_${hex}`, `inc_${hex}`],
    ["the answer to a line of code", `>>> os.environ.get("SAMBA_API_KEY")\n'${uuid}'`, uuid],
    ["the answer to a line of a shell", `$ echo $REDUCTO_API_KEY\n${hex}${hex}`, hex + hex],
    ["an element of XML", `<server><auth_token>${base62}</auth_token></server>`, base62],
    ["of a directory's user, hashed", `userPassword: {SHA}${base64.slice(0, 27)}=`, `${base64.slice(0, 27)}=`],
    ["behind a counter of tokens and a name of its own", `"total_tokens": 5178, "api_token": "${base62}"`, base62],
    ["at the end of an address", `https://rpc.acme.io/v2/${base62}kQ3`, `${base62}kQ3`],
    ["a name with its place behind", `docker run -e SECRET_KEY_BASE=${hex}${hex} app`, hex + hex],
  ])("%s", (_, text, value) => {
    expect(leftOf(text, value)).toBe("");
  });
});

describe("a password is masked where it is", () => {
  test.each([
    ["an environment's line, whatever signs it has", `PGPASSWORD=${secret("Tiger8255#ob", "Xd(1)")} psql`, secret("Tiger8255#ob", "Xd(1)")],
    ["behind the word and a blank", `machine api.acme.io login bob password ${password}`, password],
    ["a secure string", `$p = ConvertTo-SecureString "${password}" -AsPlainText`, password],
    ["a statement", `ALTER USER app IDENTIFIED BY '${password}';`, password],
    ["glued to its flag", `mysql -u root -p${password} app`, password],
    ["what another command is given", `sshpass -p '${password}' ssh host`, password],
    ["the last of a file's words", `htpasswd -b users bob ${password}`, password],
    ["an archive's", `7z x -p${password} a.7z`, password],
    ["with a point in it, in quotes", `log in as admin with password "${secret("Copper.", "Pickle47")}"`, secret("Copper.", "Pickle47")],
    ["an element of XML", `<id>nexus</id><password>${password}</password>`, password],
    ["of an account named before", `RABBITMQ_DEFAULT_PASS: ${secret("pickle_", "Fk7JGygh")}`, secret("pickle_", "Fk7JGygh")],
    ["of Oracle's addresses", `jdbc:oracle:thin:app/${secret("tiger_", "cOuLFwwo")}@//db.acme.io:1521/XE`, secret("tiger_", "cOuLFwwo")],
    ["a registry's", `docker login -u acme -p ${password} registry.acme.io`, password],
    ["a drive's", `net use Z: \\\\srv\\share /user:acme\\bob ${password}`, password],
    ["a stored one", `cmdkey /add:srv /user:bob /pass:${password}`, password],
    ["a database's tool", `sqlcmd -S db -U sa -P ${password} -Q "select 1"`, password],
    ["Oracle's tool", `sqlplus -s app/${secret("Tiger", "0448")}@db`, secret("Tiger", "0448")],
    ["a directory's tool", `ldapsearch -x -D cn=admin -w ${password} -b dc=acme`, password],
    ["a message broker's tool", `mosquitto_sub -h mq -u app -P ${password} -t '#'`, password],
    ["another archive's", `unzip -P ${password} a.zip`, password],
    ["a share's", `smbclient //srv/s -U bob%${password}`, password],
    ["a store's", `mc alias set s3 https://s3.acme.io admin ${password}`, password],
    ["a queue's", `rabbitmqctl add_user app ${password}`, password],
    ["said into a pipe", `echo "${password}" | sudo -S systemctl restart x`, password],
    ["said into a pipe with its account", `echo 'app:${password}' | chpasswd`, password],
    ["said into a pipe for a registry", `echo ${password} | docker login -u x --password-stdin`, password],
    ["one of a pair", `requests.get(url, auth=("ci", "${password}"))`, password],
    ["of something, told in words", `pw for the staging box: ${password}`, password],
    ["of something, told in a sentence", `The passphrase for the key is '${password}'.`, password],
    ["a new one", `Password changed to ${secret("willow-", "velvet-467")}`, secret("willow-", "velvet-467")],
    ["behind its account and a slash", `Credentials: admin / ${password}`, password],
    ["a setting", `pulumi config set dbPassword ${secret("Pepper", "9264")} --secret`, secret("Pepper", "9264")],
    ["a flag that says whose", `aws rds modify-db-instance --master-user-password ${password}`, password],
    ["a store's flag", `keytool -importkeystore -storepass ${password} -keypass x`, password],
    ["of a machine to be", `chpasswd:\n  list: |\n    ubuntu:${password}`, password],
    ["a community of devices", `snmp-server community ${secret("d6wz038", "bwn03")} RO`, secret("d6wz038", "bwn03")],
    ["a key of a device, turned about", `tacacs-server key 7 ${secret("8C12CB3BB3", "F4974785")}`, secret("8C12CB3BB3", "F4974785")],
    ["of a device's user", `username admin password 7 ${secret("0822455D0A", "16ab12")}`, secret("0822455D0A", "16ab12")],
    ["a key that two ends share", `pre-shared-key local ${secret("River", "7503")}`, secret("River", "7503")],
    ["a user's with a password, as one name", `npmAuthIdent: "ci:${secret("Garnet", "1405")}"`, secret("Garnet", "1405")],
    ["an encrypted token without a key of its own", `got ${secret("eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0", "..48V1_ALb6US04U3b.5eym8TW_c8SuK0lt.XFBoMYUZodetZdvT")} back`, secret("eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0", "..48V1_ALb6US04U3b.5eym8TW_c8SuK0lt.XFBoMYUZodetZdvT")],
    ["a constant of a type", `param adminPassword string = '${password}'`, password],
    ["a string of another language", `NSString *password = @"${password}";`, password],
    ["where there is none yet", `ENV["SMTP_PASSWORD"] ||= "${password}"`, password],
    ["a parameter's default", `Parameters:\n  DBPassword:\n    Type: String\n    Default: ${password}\n    NoEcho: true`, password],
    ["typed into a page", `cy.get('[name=password]').type('${password}')`, password],
    ["filled into a page", `await page.fill('input[name="password"]', '${password}')`, password],
    ["keys sent to a page", `driver.find_element(By.ID, "password").send_keys("${password}")`, password],
    ["that ends in a star", `requirepass ${secret("Mango4220", "x*")}`, secret("Mango4220", "x*")],
    ["behind any command's user", `cqlsh -u cassandra -p ${secret("River", "1745")} db`, secret("River", "1745")],
    ["of a machine's board", `ipmitool -I lanplus -H b -U admin -P ${password} power status`, password],
    ["a new one of a key", `ssh-keygen -p -P ${secret("Orchid", "9513")} -N ${password} -f k`, password],
    ["a desk's", `xfreerdp /v:h /u:bob /p:${password}`, password],
    ["a stored string", `aws secretsmanager put-secret-value --secret-id x --secret-string '${password}'`, password],
    ["given to what logs in", `with smtplib.SMTP(host) as smtp:\n  smtp.login("mailer", "${password}")`, password],
    ["given with an address and a user", `DriverManager.getConnection(url, "app", "${password}")`, password],
    ["given to a network", `WiFi.begin("home", "${password}");`, password],
    ["an old one", `my password was ${password} but it no longer works`, password],
    ["with its account, told", `the db creds are app / ${password}`, password],
    ["hashed by a web server", `admin:${secret("$apr1$aLWYB5qo$", "N9qo8uLOickgx2ZMRZoMye")}`, secret("$apr1$aLWYB5qo$", "N9qo8uLOickgx2ZMRZoMye")],
    ["hashed by a router", `enable secret 9 ${secret("$9$N9qo8uLOickgx2$", "ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWyKq3a")}`, secret("$9$N9qo8uLOickgx2$", "ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWyKq3a")],
    ["a line of a password file", `db.acme.io:5432:prod:app:${password}`, password],
    ["named by its account", `ansible_ssh_pass=${password}`, password],
    ["a network's", `network={\n  psk="${password}"\n}`, password],
    ["given where it has none yet", `MYSQL_ROOT_PASSWORD ?= ${password}`, password],
    ["a variable's default", `variable "smtp_password" {\n  default = "${password}"\n}`, password],
    ["of something", `creds for ldap: ${password}`, password],
    ["told with a colon", `your temporary password is: ${password}`, password],
    ["twelve words", "my recovery phrase is arctic label zebra quote wagon ladder oyster velvet pigeon timber saddle fossil", "arctic label zebra quote wagon ladder oyster velvet pigeon timber saddle fossil"],
    ["hashed", `bob:${secret("$2b$12$", "N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy")}`, secret("$2b$12$", "N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy")],
    ["a key of PuTTY", `PuTTY-User-Key-File-2: ssh-rsa\nPrivate-Lines: 2\n${base64.replaceAll("/", "A")}\n${base64.replaceAll("/", "B")}\nPrivate-MAC: 00`, `${base64.replaceAll("/", "A")}\n${base64.replaceAll("/", "B")}`],
    ["a hook's address", `post to ${secret("https://hooks.slack.com/ser", "vices/T0123ABCD/B0123ABCDEF/", base62)}`, secret("https://hooks.slack.com/ser", "vices/T0123ABCD/B0123ABCDEF/", base62)],
  ])("%s", (_, text, value) => {
    expect(leftOf(text, value)).toBe("");
  });
});

describe("what programs and their tools write is left alone", () => {
  test.each([
    ["a hex dump", "00002510  08 00 00 00 00 00 00 00  40 3b 02 00 00 00 00 00  |........@;......|\n00003400: 4042 0200 0000 0000 ba05 0000 0031 0800  ...K..."],
    ["a hex dump that begins in the middle of a row", "00 00 00 00 00  |................|\n00001480  d0 b0 00 00 00 00 00 00  |....|"],
    ["a digest that has an account's check digits", "ae127896f4d44ee62ceaface8352957d  usr/share/icons/zoom-out.png"],
    ["a version with its day", "llvm-toolchain-13 (1:13~++20210731010128+6eaf46beb462-1~exp1)"],
    ["identifiers of a model's API", `{"id":"call_${base62}","item":"msg_${hex}${hex.slice(0, 16)}","thread":"thread_${base62}"}`],
    ["identifiers of a cloud", "module.token: Refreshing state... [id=i-0b69f8d6e44a3d55b]"],
    ["a key of a cache", `Cache restored from key: Linux-node-${hex}${hex}`],
    ["a head of a repository", `"gitHead": "${hex}${hex.slice(0, 8)}"`],
    ["a checksum of a module", `github.com/a/b v0.1.0 h1:${base64.slice(0, 43)}=`],
    ["a picture's lines", `${base64.slice(0, 64)}\n${base64.slice(0, 64).split("").reverse().join("")}\n`],
    ["names with numbers", "OID_ECDSA_WITH_SHA384 = x509.Ed25519PublicKey; /* key NL80211_ATTR_MLO_LINK_ID, hmacWithSHA512-224 */"],
    ["a schema", "password: z.string().optional(), token: config.get(server)"],
    ["a call under a secret's name", "password = getpass.getpass('Password: ')"],
    ["a member under a secret's name", "key_password = key_password\npassword = self._socks_options[0]"],
    ["a page about a secret", ".. _`Bearer Token`: https://tools.ietf.org/html/rfc6750"],
    ["a header that code passes on", "authorization: options.authorization,\n/srv/app/node_modules/x/dist/tool.js:482:  next"],
    ["words in other languages", '{"ipv6": "IPv6 adresi"}'],
    ["what is shouted", "if this is NOT a valid release, call it DEBUG"],
    ["a path through a store", `s3://cache-token/logs/2024/02/${uuid}.json.gz`],
    ["a name of a container", `pod/login-5d8f9c7b6d-x7k2p and ghcr.io/acme/login:e174fcb`],
    ["a module and its version", "github.com/a/token v0.0.0-20231172161587-50247ec5c032/go.mod and github.com/a/login v1.21.6"],
    ["modes in a raw diff", "M\tsrc/text.ts\n:100644 100644 3646516 917a735 M\tsrc/b.ts"],
    ["a public key of SSH", `ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ${base64}${base62}`],
    ["what a file's content is called", "ipfs://bafybeifp3wuoyazxakudo7tpb22v51mwsrcn3xmoneg3rfzwqjkaetvyde".replace(/1/g, "2")],
    ["a document's address", `https://docs.google.com/document/d/1${base62}${base62.slice(0, 18)}/edit and https://acme.com/_next/static/${base62}/_buildManifest.js`],
    ["a key's name in a cloud", `{"NextToken":null,"Arn":"arn:aws:kms:eu-west-1:000000000000:key/${uuid}"}`],
    ["a name of a system after counts of tokens", `{"usage":{"total_tokens":5178},"system_fingerprint":"fp_a2ad822cd1"}`],
    ["a reference after a line about keys", `3f2a1b4 Rotate the key\n${hex}${hex.slice(0, 8)}\trefs/heads/main`],
    ["what a plan does not show", "~ password = (sensitive value)"],
    ["what is to be put in", "PASSWORD=replace_me"],
    ["where a page was left for", "https://id.acme.io/login?state=%2Forders%3Fpage%3D2"],
    ["words in base64, with escapes", `decoded: ${Buffer.from("The%20quick%20brown%20fox%20jumps%2C%20twice%20a%20day").toString("base64")}`],
    ["a page in base64", `body ${Buffer.from('{"page":2,"sort":"created","filters":["open","late"]}').toString("base64")}`],
    ["elements that are named only", "<token>abc</token> <password>secret</password>"],
    ["prose said into a pipe", "echo 'hello world' | sudo tee /etc/motd; zip -r a.zip a"],
    ["ports and folders behind a user", "psql -U postgres -p 5432 -d app; docker run -u root -p 8080:80 x; sudo -u app mkdir -p /srv/app1; ssh -u bob -p 2222"],
    ["calls that log in", 'login("page", "index"); router.login("/login/v2", "/start/v2"); expect(login("bob", "wrong"))'],
    ["a hash on the line after a word", `the parent of the tree\n${hex}${hex.slice(0, 8)}`],
    ["names of methods", 'auth_methods = ["trust", "password", "scram-sha-256"]; alg_key = "HS256"'],
    ["what a page of a manual leaves open", "<code>https://&lt;user&gt;:&lt;password&gt;@host.example</code>"],
    ["where a key lies", "<privateKey>/path/to/private/key</privateKey>"],
    ["types and patterns of names", `const tokenPattern: string = "/token/v2"; api_key: str = "https://id.acme.io/v2"; SECRET_RE = r"^[a-z]{8,}$"; Default: 3306`],
    ["prose about passwords of things", "The password for the account is required, the password for v1.2.3 was changed to something else; credentials: none / all"],
    ["prose about passwords", "type your password twice, then the token you were given and the passphrase again"],
  ])("%s", (_, text) => {
    expect(clean(text)).toBe(text);
  });
});

test("a private key that was cut off hides no other one, in the same text or the next", () => {
  const lines = ["MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj", "AgEAAoIBAQC7VJTUt9Us8cKjMzEfYyjiWA4R4ldo"].map((line) => `${line}${line.split("").reverse().join("").slice(0, 24)}`);
  const head = secret("-----BEGIN PRIV", "ATE KEY-----");
  const whole = `${head}\n${lines[1]}\n${lines[0]}\n-----END PRIVATE KEY-----`;
  const out = filtered([`${head}\n${lines[0]}`, whole, `${head}\n${lines[0]}\nand then\n${whole}`]).map(({ text }) => text).join("\n");
  for (const line of lines) expect(out).not.toContain(line.slice(10, 40));
});

/**
 * Names of services that hand out keys, lower-case and in one piece. A long random token or an identifier beside one of
 * them is that service's key more often than anything else.
 */
const alone = new Set(
  `abbysale ablyio abstractapi abuseipdb accuweather adafruit adafruitio adobeio adyen aftership ai21 aipinfo airbrake airship airtable airvisual aiven akamai alegra aletheia algolia alibaba alienvault alphavantage amadeus
  amplitude anthropic anypoint apacta apideck apiflash apifonica apify apimatic apimetrics apitemplate apolloio appdynamics appfollow appointedd appoptics apptivo appveyor artifactory artsy asana assemblyai auth0 autodesk
  autoklose avazapersonal aviationstack axonaut aylien ayrshare bamboohr bannerbear baremetrics baseapi beebole besnappy betterstack binance bintray bitbar bitbucket bitcoinaverage bitfinex bitlyaccess bitmex blablabus
  blazemeter blitapp blockchair blockcypher bombbomb boostnote borgbase braintree brandfetch braze brevo browserbase browserstack bscscan budibase bugherd bugsnag buildkite bulbul bulksms buttercms caflou calendarific
  calendly calorieninja campayn cannyio capsulecrm captaindata carboninterface cashboard censys centralstationcrm cerebras cexio chargebee chartmogul checio checkvist circleci clarifai clearbit clicksend clickup clientary
  clinchpad clockify clockwork cloudconvert cloudelements cloudflare cloudimage cloudinary cloudmersive cloudplan cloudsmith cloverly cloze clustdoc codacy codeclimate codecov codequiry cohere coinapi coinbase coinlayer
  coinlib cometml commercejs companyhub configcat confluent contentful contentstack conversiontools convertapi convertkit convier copyscape coveralls craftmypdf cratesio crossbrowsertesting crowdin cryptocompare
  currencycloud currencyfreaks currencylayer currencyscoop currentsapi customerguru customerio d7network dareboost databox databricks datadog datadoghq datafire datagov datarobot debounce deepai deepgram deepl deepseek
  deputy detectify detectlanguage dfuse diffbot diggernaut digitalocean dingtalk disqus dnscheck dnsimple docparser documo docusign dotdigital dovico dronahq droneci duply dwolla dynalist dynatrace easyinsight ecostruxure
  edamam edenai eightxeight elasticemail elevenlabs endorlabs enterpriseapi etherscan ethplorer eventbrite exchangerate exportsdk extractorapi facepp fastforex fastly fauna feishu fetchrss fibery filestack finage
  financialmodelingprep firecrawl fireworks fixerio flagsmith fleetbase flexport flickr flightapi flightlabs flightstats flowflu flutterwave fmfw formbucket formcraft formio formsite foursquare freshbooks freshdesk
  freshservice frontegg fullcontact fullstory fusebill fxmarket gandi geckoboard gengo geoapify geocode geocodify geocodio geoipifi getgeoapi getgist getresponse getsandbox gitguardian gitter glassnode glitterly gocanvas
  gocardless godaddy goodday grafana graphcms graphhopper greenhouse groovehq groq gtmetrix guardianapi gumroad gyazo happyscribe hasura hcaptcha hcloud heapanalytics heatmapapi hellosign helpcrunch helpscout hereapi
  heroku hetzner hexomatic hightouch hiveage holidayapi honeybadger honeycomb hubspot huggingface hunterio hybiscus hypertrack iconfinder iexapis iexcloud imagekit imagga infobip infura insightly instabot instagram
  instamojo intercom intercomio interseller intrinio invoiceocean ipapi ipdata ipgeo ipgeolocation ipify ipinfo ipinfodb ipquality ipstack jfrog jina jotform jumpcloud jumpseller jupiterone kairos kanbantool karmacrm
  keenio keygen kickbox klaviyo klipfolio knapsackpro kontent kucoin kylas langfuse langsmith languagelayer lastfm launchdarkly leadfeeder lemlist lendflow lessannoyingcrm lexigram linearapi linemessaging linenotify
  linkedin linkpreview linode liveagent livestorm loadmill locationiq logdna logentries loggly loginradius logtail logzio lokalise loyverse lusha m3o madkudu mailboxlayer mailchimp mailerlite mailersend mailgun mailgunapi
  mailjet mailmodo mailsac mandrill mapbox mapquest marketstack mattermost mavenlink maxmind meaningcloud mediastack mesibo messagebird metaapi metrilo microblink mixmax mixpanel mixpanelapi mockaroo monday moonclerck
  moonclerk moralis mrticktock muxapi myfreshworks myintervals namecheap nasdaqdatalink neptune neptuneai netcore netlify neutrinoapi newrelic newsapi newscatcher newslit nftport ngrok nicereply nozbeteams nugetapi
  numverify nutritionix nylas nytimes oanda okta omnisend onedesk onelogin onepagecrm onesignal onwaterio oopspam openai opencagedata openrouter openuv openvpn openweather openweathermap opsgenie optimizely overloop ovh
  owlbot packagecloud pagarme pagerduty pandadoc paperform papertrail paralleldots parsehub partnerstack paydirtapp paymoapp paymongo paypal paystack pdflayer pdfshift peopledatalabs pepipost perplexity pexels pinecone
  pinterest pipedream pipedrive pivotaltracker pixabay planetscale planviewleankit planyo plivo podio pollsapi poloniex polygonio positionstack postageapp posthog postmark powrbot proabono prodpad productboard prospectcrm
  proxycrawl pubnub pulumi purestake pushbullet pushover qdrant qualaroo qualtrics qubole quickbooks quickmetrics railway rawg razorpay reachmail reallysimplesystems rebrandly recaptcha rechargepayments recurly redislabs
  rentman repairshopr revampcrm ringcentral ritekit roboflow rocketreach rollbar rownd rubygems runrunit salesblink salescookie salesflare salesforce salesmate satismeter saucelabs scaleway scrapeowl scraperapi scraperbox
  scraperstack scrapestack scrapfly scrapingant scrapingbee scrutinizerci securitytrails segmentio selectpdf sendbird sendgrid sendinblue sentryio serpapi serper serphouse serpstack sheety sherpadesk shipday shippo shopify
  shotstack shutterstock sigopt simfin simplynoted simvoly sinch sinchmessage siteleaf skrappio skybiometry slackbot smartsheet smartystreets snovio snowflake snyk sonarcloud sonarqube sourcegraph sparkpost speechtextai
  splunkobservability spoonacular sportsmonk spotify squarespace sslmate statsig statuscake statuspage stitchdata stockdata storecove stormboard stormglass storyblok storychief stytch sugester sumologic sumsub supabase
  supernotes surveyanyplace surveysparrow survicate swiftype tallyfy tatum tavily tawk taxjar teamgate teamwork technicalanalysis teletype telnyx terraformcloud testingbot textmagic theoddsapi thinkific thousandeyes
  ticketmaster ticketsource tiingo timecamp timezoneapi tineswebhook tmetric todoist togetherai toggl tokeet tomorrowio tomtom tradier transferwise travelpayouts travisci tru twelvedata twilio twitch tyntec typesense
  ubidots uclassify unifyid unplugg unsplash upcdatabase uplead uploadcare upstash uptimerobot upwave urlscan userflow userstack vagrantcloud vatlayer veevavault verimail veriphone versioneye viewneo virustotal
  visualcrossing voicegain vouchery vpnapi vultr vyte wandb weatherapi weatherbit weatherstack weaviate webex webflow webscraper webscraping wechat wepay whoxy worksnaps workstack worldcoinindex worldweather wrike xata
  youneedabudget yousign zendesk zenkit zenloop zenrows zenscrape zenserp zerobounce zerotier zilliz zipapi zipbooks zipcodeapi zipcodebase zonkafeedback zoominfo zulipchat zuora`.split(/\s+/),
);

/** Names with meanings of their own: they say whose key it is only right before it (`together: …`). */
const beside = new Set(
  `abstract aha alchemy alchemyapi ambee apollo appcues atera atlas audd autopilot axiom bing bitly blogger box brave bubble buddyns caspio chatbot chatfule checklyhq checkout cicero clerk coda collect collect2 column comet
  confluence convex copper crisp cursor dandelion delighted demio discogs discord ditto doppler drift drone dropbox elastic enablex enigma everhour exa facebook feedier figma fileio finnhub firebase fixer flatio float fly
  frameio fulcrum gemini giphy guardian gusto harness harvest heap helicone here highlight holistic humanity hunter iex impala infisical iterable jdbc jira juro kaggle kanban knock kraken lemon lever line linear lob luno
  magicbell magnetic meistertask meraki mistral mite modal moderation mongodb mux neon nexmo nightfall nimble nitro noticeable notion notionapi novu nvidia opencage owm paddle pandascore parseur pastebin pd percy pinata
  plaid polygon portkey prefect privacy privatekey protocolsio pusher qase quandl ramp rapidapi raven readme reddit redis refiner render replicate restpack rev roaring ronin route4me sanity scalr segment semaphore
  sentiment sentry serp shodan shortcut simplesat sirv slack slackapi smooch split splunk sqlite square strava streak stream stripe stripo surge surveybot swell telegram together travis trello trufflehog turnstile turso
  twist twitter typeform uproc vercel verifier vonage walkscore wistia workable xero yelp youtube zillow zoho zoom`.split(/\s+/),
);

const general = /^(?:api|admin|client|prod|dev|test|live|account|server|service|app|key|token|secret)$/;

/** Whether a piece of text before a token names a service: anywhere in it, or, for words with other meanings, at its end. */
export function namesVendor(before: string): boolean {
  const words = before
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== "");
  while (words.length > 1 && general.test(words.at(-1) ?? "")) words.pop();
  return beside.has(words.at(-1) ?? "") || words.some((word) => alone.has(word));
}

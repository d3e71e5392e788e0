/**
 * Words of everyday English, trade and technology that the list of names holds as names, too. Counted by us over manuals and
 * code (small letters far more often than capitals), places and brands added. Two of them in a row are no person.
 */
export const commonWords: ReadonlySet<string> = new Set(
  `aa ab able abroad access accounting acorn action active ada addons admin adrian advance africa age agent ago ai aid aims air ak aka al alaska albany alert
  alias all alloy alpha alt alter alters am america american amsterdam an anchor anchors and angeles angle anonymous apache app apple apps april apt ar
  arch are area areas aren ares arm arr arrow art ash asia ask ast at athens atlanta au aud august austin auth author auto autumn av ava awkward ax az
  azure babel back backoff bad badge bag bail balance balint baltimore ban band bank banner bar bare barrier base bash basic bastian bat batch bay baz
  be beach bear bearer been beer began begin bells belong below bench benefits berlin best beta better bias big bigger billing bin black blank blanks
  bless blessed blessing blink block blow blue board body bogus bold book bool boom boot boots border borrow borrows boston bot both bottle bottom bound
  bounds box br brace bracket branch brand brazil breach break bridge brief bring broad broker brought brown buff buffalo buffer buggy building bulk
  bump bun bunch business but button buy by bye cabin calendar call caller came camera can canada cancel cap card care cares carolina carrier carry cart
  case cases cast cat catches catching cause causing cease ceil center century certain ch chai chain chair chance change channel channels char character
  charlotte chars chase cheap check chief child china choice chop chose chown church ci circle circus cisco city clamp clang clara clarity clash class clause
  clear cleveland clever click client clock clone close cloud cluster co coast code col cold college colon columbus come comes comment common comp
  companion company conda cone confer confidential conn console constant content convey cookie cool cope coral core cores corner coro cos cost count
  counter counts course court courts cover cr credit croak cron cross cruz cull curl curly current cutting cyan cypress da dakota dallas danger dark
  darwin dash data date dates day days de deal dear death dec december decent deem deep defer define degree del delay delta demand demo den deno denver
  deny der design desire dest dev di die dies differ dim dir director dis discover distance ditto django do doc docker doctor does doing dollar dom
  domain don done dos dot double doubt down draft drag drain drift driver drivers drop du dublin due during duty dy eager early east easy echo economy
  ed eddy edge ee el elem elian elif else em en end ends engineer england enter enters er era error es ether europe eve even ever every ex excellent exe
  expose ext fa face factor fail failing fails fair fairly faith fake fall falling falls fancy far fare fares fargo fast faster fat fatal favor favorite
  favour fear fed fedora fee fees fell fetch few fewer field fields figures file files filippo fill filling filter finder finders fine finer fire fires
  firm first fit fitness fix flag flask flatten flavors flaws flex flight flock florida flow fly focus folks font fonts foo footer for force ford forest
  forget fork forks form former fort forth forward found four foy fr fraction frame frames france francisco frederic free freed freedom freely freeze
  fresh friday friendly friends from front fudge full fun funny gain gains gamma garden gate gateway gather gave ge gen general geneva georgia germany
  getter getting gift given go goes going gold gone good goodwill goto govern grab gradle graft grammar grand grant gray great greek green gregory grey
  grill groff group grow grows guard guess guest gui guide gustavo hack had half halt hampshire hand handing handle handler hands handy hang happy hard
  harden harder hardware harm harness hartford has hash hatch haven hayden he head header heading headings heads health heap heard heart height held
  helper helps hence her hi hidden hide hides high hill him hint hires hold holder holding hole holes home honda honor honors honour hood hook hooks
  hope hose host hot hour house houston how hr hub huge human hundred hurt hurts husky idle ie ii iii in india ing ings ino ip irc ireland isa island
  israel iv ix ja january japan jasmine java jeanphilippe jenkins jersey jest job jobs joins joint jordan jouni joy judge july jump jumps june junior
  junk just kafka kansas karma kartik kay keep keeping kenya kettle key keys kick kid kill killing kind kinds king klass knob know knows ko la label
  lack lacking lacks ladle lake lamp land landing lands lane lang large larger las last late later latin latter law laws lawyer lax layer le lead leader
  leaf leak leaks leap learn learned led left legacy legal len less let letter letters level levels lex lexer li lib libs lie lies lieu life light like
  likely line linear lines link linker links lint lisbon list listen lit little live ll lo loader loc lock locks login logo london lone long longer
  longest look loop loose los lose losing loss lot louder louis love low lower luck ludovic mac maciej macro made madrid magenta magic mail main maine
  maint major mall man manner manual manuel many march marin marker market marking marko marks marshal mask mass master match math matter matters maven
  max may maybe md me meal meals mean means measures media meeting mega melbourne members memo memory memphis mention mere merges mergy mesa mess
  message met meta meter meth method metrics metro mexico miami mid middle might milan million min mini minor minus mis mise miss mix mo mobile mocha
  mock mode model modes moment mon monday mongo monica mono montreal moral more morgan morning most mount mountain mouse mt much muck munich music must
  mute my name names nan narrow nashville national ne near necessary need needs neither nest net nettle nevada never new newark newer news nic nice
  nicely night nike nil nine nissan nix no node nodes non noon nor norm north not note notice november now null number numbers nurse oakland obey
  october odd off offer office officer oh ohio ok okay ol old older on once ones only open or orange ord orders orlando orleans orphan ort orval os osaka other
  ours over overall overly owner oxford owns pa pack pad page pager pages pain painting pair panic paper par para param parcel parent parents paris park parse
  part party pass past pat patch patches patching patent path patience paul pause pay payment payroll peek peer people per perfect perl person persons philipp
  phoenix pi pick picking pickle piece pin ping pink pino pip pipe pipes pittsburgh place plain plan plaza po pod point pointer points policy polite
  poll pong pool poor pop pops port porting portland ports pos post pow power prada precise present president press presume pretty price prime print
  prior private pro problems process proper props proto providence public pull pulling puma pummel pure purple push put py pyc quality queen query quick
  quiet race racy radix ran rand random range ranges rank rate rates rather raw re reach read reader reading ready real reap reason reasons receipt receipts record
  records red redo ref reg region register regular relation rem remark render res resides rest ret reusing right ring risk river rm ro road roam role roles
  rome room root roots rough round rounds route row royal royalty ru ruby rule run runner running rust sa sacramento sad safari safe safer sage said
  saint sake sale sales salt sample sampler samples san sane saner sans santa saturday save saving saw say scale scales schema school scope score
  scotland screen se sea search seat seats second secret section sed see seed seeds seek seem seems seen sees self sell selling send sender senior sense
  sensing sep september sermon serve server service session sessions set setter setters setting settle seven severe sh shadow shall shallow shape share
  she shell shells shim ship short shorten shorter show shown shows side sides sig sigh signal signs silence silver simple simpler sin sing single
  singleton sink sit sites six size sketch skill skip sleep slice slight slot slow sm small smaller smart so sock solar sole solid some soon south space
  spain span spark spawn speak speaker special speech speed spell spelling spin spinner spring square stable stack stacks stage stamp stand standard
  stands star stars start starts startup stash state states station stats stay stefano stem stencil step steward stick still stolen stops storage store
  stores straight strange stray stream streams street strength stretch string strong stryker stuck study stuff style styles sub subject such sudo sugar
  suit suite sum summer sunday sup super surface surprise swallow swift switch sydney syms sys tab table tables tag tagger tags tail tailor take taken
  takes talk tampa tap tape tar tax te teach team technical tell telling temp ten tenant tent tesla test texas th than the them then thin thing third
  threat throw tick tie tier ties till time timer times tiny tips title to tok ton too tool tools top topic toronto tort touch toward toyota trace
  tracer track trailer traverse travis treat tree trees trial trick trigger trim trip triplet true truly trunk trust try tuesday tune turn turns uc uk
  un unavailable union upper ur uri us use utah vague val valley van var vars vary vault ve vegas venture ver verbal verse very vi via vice vienna view
  vike virginia vite vm voice void von vote vue wait waiter waiters waits wake wales walk walker walking walks wall want warm warn warning warns was
  washington wasi waste watch watcher way ways we weak web wednesday week weekly weeks weight welcome well wells went were west wheel when while white
  wholly why wide wider wild will willing win wind window windows winner wins winter wire wish with won woo word words work worker working works world
  worst worth write writer xec xi yarn years yellow yes yielding york you zero zeroth zone zu zurich`.split(/\s+/),
);

/// The name of one kind of diagnostic, printed in brackets after it. A number is never used again for something else.
package enum DiagnosticCode: String, CaseIterable, Sendable {
    // 0xx: the text is not one well-formed YAML or JSON document (PlanSyntax).
    /// The bytes are not UTF-8, or hold characters that no text has.
    case invalidEncoding = "WSP002"
    /// There is no document in the file.
    case emptyDocument = "WSP003"
    /// The text does not follow YAML's syntax.
    case malformedYAML = "WSP004"
    /// The text does not follow JSON's syntax.
    case malformedJSON = "WSP005"
    /// A mapping has one key twice.
    case duplicateKey = "WSP006"
    /// The file holds more than one document.
    case severalDocuments = "WSP007"
    /// A value carries a YAML tag.
    case explicitTag = "WSP008"
    /// A key is not text: a list, a mapping, null.
    case unusableKey = "WSP009"
    /// An alias names no anchor, or one that it stands in.
    case unusableAlias = "WSP010"
    /// What is merged with `<<` is not a mapping.
    case unusableMerge = "WSP011"
    /// The document is larger or deeper than the reader's limits.
    case documentTooLarge = "WSP012"
    /// YAML takes a part of unquoted text for something else.
    case needsQuotes = "WSP013"
    /// A `:` or a `-` of YAML has no space behind it, and is read as text.
    case missingSpace = "WSP014"
    /// The rest of the document was not read, because so much is wrong with what stands before it.
    case tooManyProblems = "WSP015"

    // 1xx: the document is not a plan (PlanModel).
    /// The document is not a mapping.
    case notAPlan = "WSP101"
    /// The language has no such key here.
    case unknownKey = "WSP102"
    /// A value of another kind is needed here.
    case wrongType = "WSP104"
    /// A key that is needed is not there.
    case missingKey = "WSP105"
    /// The plan is written for another version of the language.
    case unsupportedVersion = "WSP106"
    /// The address is not that of a WebSocket server.
    case invalidURL = "WSP107"
    /// Text that should be a duration is none.
    case invalidDuration = "WSP108"
    /// A number or a duration is outside of its range.
    case outOfRange = "WSP109"
    /// A word is none of those that may stand here.
    case unknownChoice = "WSP110"
    /// A name cannot be used.
    case invalidName = "WSP111"
    /// A template stands where text has to be literal.
    case notLiteral = "WSP112"
    /// A template outside of steps has no value.
    case unrenderable = "WSP113"
    /// A required environment variable has no value.
    case missingEnvironment = "WSP114"
    /// A header cannot be sent, or belongs to the handshake.
    case invalidHeader = "WSP115"
    /// A subprotocol is not a token, or is offered twice.
    case invalidSubprotocol = "WSP116"
    /// A close frame cannot carry this code.
    case invalidCloseCode = "WSP117"
    /// A payload does not fit into a control frame.
    case controlPayloadTooLong = "WSP118"
    /// `${` stands in an expression.
    case templateInExpression = "WSP119"
    /// Two keys cannot stand beside each other.
    case conflictingKeys = "WSP120"
    /// An element of a list of steps is not a step.
    case notAStep = "WSP121"
    /// The language has no such verb.
    case unknownVerb = "WSP122"
    /// A step has options and no verb.
    case missingVerb = "WSP123"
    /// A step has more than one verb.
    case severalVerbs = "WSP124"
    /// An option belongs to another verb.
    case misplacedOption = "WSP125"
    /// A verb stands alone that needs something.
    case missingArgument = "WSP126"
    /// YAML has taken the end of a text for a comment.
    case textTakenForComment = "WSP127"
    /// A number that JSON cannot say.
    case numberWithoutJSON = "WSP128"
    /// A size has no unit, or an unknown one.
    case invalidSize = "WSP129"
    /// The plan serves, and connects elsewhere.
    case unusedServer = "WSP130"
    /// A pin is not the digest of a public key.
    case invalidPin = "WSP131"
    /// A cookie has a name or a value that none can have.
    case invalidCookie = "WSP132"
    /// Text that should be an address of a machine, or a network, is none.
    case invalidAddress = "WSP133"
    /// The path of a file leads out of the plan's folder, or has an ending that says nothing.
    case invalidPath = "WSP134"
    /// A payload in Base64 or hexadecimal digits stands for no bytes.
    case malformedPayload = "WSP136"
    /// Text that should be a rate is none.
    case invalidRate = "WSP137"

    // 15x: a threshold is wrong (LoadMetrics).
    /// A threshold names a metric that does not exist.
    case unknownMetric = "WSP150"
    /// The key of a threshold is not `metric` or `metric{tag=value, …}`.
    case selectorSyntax = "WSP151"
    /// A selector asks for a tag that no sample of its metric can have.
    case unknownTag = "WSP152"
    /// A condition is not `aggregate operator value`.
    case thresholdSyntax = "WSP153"
    /// A condition's aggregate does not exist, or not for this kind of metric.
    case unknownAggregate = "WSP154"
    /// The limit of a threshold has no unit, and needs one.
    case thresholdWithoutUnit = "WSP155"
    /// The limit of a threshold has a unit that does not fit what it limits.
    case thresholdUnit = "WSP156"
    /// A number in a threshold is none, or out of its range.
    case thresholdNumber = "WSP157"
    /// A selector asks for a value that its tag never has.
    case unknownTagValue = "WSP158"

    // 2xx: a template or an expression is wrong (Expressions).
    /// The text is no expression.
    case malformedExpression = "WSP201"
    /// A `${` that does not end, or that stands where an expression stands bare.
    case malformedTemplate = "WSP202"
    /// No variable or fact has this name.
    case unknownName = "WSP203"
    /// The name means something, but not at this place.
    case nameNotAvailable = "WSP204"
    /// No function or macro has this name.
    case unknownFunction = "WSP205"
    /// A fact has no such part.
    case unknownField = "WSP206"
    /// A function is called with too few, too many or unfit arguments.
    case wrongArguments = "WSP207"
    /// An operator can never work on these types.
    case typeMismatch = "WSP208"
    /// A condition that can never be a bool.
    case conditionNotBool = "WSP209"
    /// An expression whose value is known before the run: an error whatever happens.
    case alwaysFails = "WSP210"
    /// An expression that is too long or too deeply nested.
    case expressionTooLarge = "WSP211"
    /// A part of CEL that this language leaves out.
    case unsupportedFeature = "WSP212"
    /// The text is no regular expression.
    case malformedPattern = "WSP213"
    /// A row of a data file lacks a column that the plan reads.
    case missingCell = "WSP214"

    // 3xx: the plan is well formed and cannot work as written (PlanLint, PlanCompiler).
    /// `cancel` names a timer that no step starts.
    case unknownTimer = "WSP301"
    /// Two timers of one scenario share an id.
    case duplicateTimerID = "WSP302"
    /// A step stands where the task has ended.
    case unreachableStep = "WSP303"
    /// Nothing in the plan ends a session.
    case endlessSession = "WSP304"
    /// `use` names a block that the plan does not have.
    case unknownBlock = "WSP305"
    /// A block uses itself.
    case recursiveBlock = "WSP306"
    /// `set` changes a variable that nothing declares.
    case undeclaredVariable = "WSP307"
    /// Blocks that use blocks make the program too long.
    case programTooLarge = "WSP308"
    /// A step needs a session, and stands where that has ended.
    case sessionHasEnded = "WSP309"
    /// A threshold is on a check, an await or a group that the plan does not have.
    case unknownSelection = "WSP310"
    /// Nothing uses a block.
    case unusedBlock = "WSP311"
    /// `tls` stands beside an address without TLS.
    case unusedTLS = "WSP312"
    /// A file or a cipher that `tls` names cannot be used.
    case unusableTLS = "WSP313"
    /// A subprotocol is expected that is not offered.
    case unofferedSubprotocol = "WSP314"
    /// A data file cannot be read, or has no rows.
    case unusableData = "WSP315"
    /// `record` samples a metric that the plan does not declare.
    case undeclaredMetric = "WSP316"
    /// `measure` gives times to a metric that takes none.
    case unfitMetric = "WSP317"
    /// A mark is looked for that nothing sets.
    case unknownMark = "WSP318"
    /// Nothing measures from a mark.
    case unmeasuredMark = "WSP319"
    /// A value that a metric does not take.
    case unfitSample = "WSP320"
    /// A file that a message is read from cannot be used.
    case unusableFile = "WSP321"
    /// A load never starts a virtual user.
    case unstartedScenario = "WSP322"
    /// A threshold is judged over a time that the run does not have.
    case unjudgedThreshold = "WSP323"
    /// A threshold ends the run before it can hold.
    case hastyAbort = "WSP324"
    /// A threshold is on samples of a metric of the plan's own that no step can give.
    case unsampledThreshold = "WSP325"
    /// No step samples a metric that the plan declares.
    case unsampledMetric = "WSP326"
}

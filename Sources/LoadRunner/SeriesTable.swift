import EventProgram
import LoadMetrics

/// The series that the virtual users of one scenario feed on one loop, found once: by the hot path each is an index.
struct SeriesTable {
    let sessions: SeriesID
    let messagesReceived: SeriesID
    let sessionFailed: SeriesID
    let iterations: SeriesID
    let droppedIterations: SeriesID
    let inboxDropped: SeriesID
    let dataSent: SeriesID
    let dataReceived: SeriesID
    let payloadSent: SeriesID
    let payloadReceived: SeriesID
    let connecting: SeriesID
    let dns: SeriesID
    let tcp: SeriesID
    let tls: SeriesID
    let upgrade: SeriesID
    let sessionDuration: SeriesID
    let ping: SeriesID
    let iterationDuration: SeriesID
    let timerLag: SeriesID

    private let messagesSent: GroupedSeries
    /// By the index of a check name.
    private let checks: [GroupedSeries]
    /// By the index of an await, which stands in one group.
    private let awaits: [SeriesID]
    /// By the index of a measure, which stands in one group.
    private let measures: [SeriesID]
    /// By the index of a record, which stands in one group.
    private let records: [Record]

    /// A metric of the plan's own, and how it is sampled.
    struct Record {
        let series: SeriesID
        let kind: Pools.Metric.Kind
    }

    private let tags: TagSet
    private let groups: [String]

    /// - Parameter tags: what every sample carries: `scenario`, `url`, and the plan's own.
    init(program: Program, tags: TagSet, recorder: MetricsRecorder) {
        self.tags = tags
        groups = program.pools.groups
        func series(_ metric: MetricDefinition) -> SeriesID { recorder.series(metric, tags) }
        sessions = series(.wsSessions)
        messagesReceived = series(.wsMsgsReceived)
        sessionFailed = series(.wsSessionFailed)
        iterations = series(.iterations)
        droppedIterations = series(.droppedIterations)
        inboxDropped = series(.wsInboxDropped)
        dataSent = series(.dataSent)
        dataReceived = series(.dataReceived)
        payloadSent = series(.wsPayloadSent)
        payloadReceived = series(.wsPayloadReceived)
        connecting = series(.wsConnecting)
        dns = series(.wsDNS)
        tcp = series(.wsTCP)
        tls = series(.wsTLS)
        upgrade = series(.wsUpgrade)
        sessionDuration = series(.wsSessionDuration)
        ping = series(.wsPing)
        iterationDuration = series(.iterationDuration)
        timerLag = series(.timerLag)
        // Only what the program can count: a series for every check in every group would be more than any summary holds.
        let places = Places(of: program)
        func grouped(_ group: UInt16) -> TagSet {
            group == Instruction.noGroup ? tags : tags.with("group", program.pools.groups[Int(group)])
        }
        messagesSent = GroupedSeries(places.sends) { recorder.series(.wsMsgsSent, grouped($0)) }
        checks = zip(program.pools.checkNames, places.checks).map { name, groups in
            GroupedSeries(groups) { recorder.series(.checks, grouped($0).with("check", name)) }
        }
        awaits = zip(program.pools.awaits, places.awaits).map { await_, group in
            recorder.series(.wsAwait, grouped(group).with("name", await_.name))
        }
        let metrics = program.pools.metrics.map { MetricDefinition($0) }
        measures = zip(program.pools.measures, places.measures).map { measure, group in
            recorder.series(metrics[Int(measure.metric)], grouped(group))
        }
        records = zip(program.pools.records, places.records).map { record, group in
            Record(
                series: recorder.series(metrics[Int(record.metric)], grouped(group)),
                kind: program.pools.metrics[Int(record.metric)].kind)
        }
    }

    /// Everything sent and received.
    var messages: [SeriesID] { messagesSent.all + [messagesReceived] }

    func messagesSent(inGroup group: UInt16) -> SeriesID { messagesSent[group] }

    func check(_ name: UInt32, inGroup group: UInt16) -> SeriesID { checks[Int(name)][group] }

    func await(_ index: UInt32) -> SeriesID { awaits[Int(index)] }

    func measure(_ index: UInt32) -> SeriesID { measures[Int(index)] }

    func record(_ index: UInt32) -> Record { records[Int(index)] }

    /// The tags of a sample in a group.
    func tags(inGroup group: UInt16) -> TagSet {
        group == Instruction.noGroup ? tags : tags.with("group", groups[Int(group)])
    }
}

/// In which groups a program sends, checks, awaits and measures.
struct Places {
    var sends: Set<UInt16> = [Instruction.noGroup]
    /// By the index of a check name.
    var checks: [Set<UInt16>]
    /// By the index of an await.
    var awaits: [UInt16]
    /// By the index of a measure.
    var measures: [UInt16]
    /// By the index of a record.
    var records: [UInt16]

    init(of program: Program) {
        checks = Array(repeating: [], count: program.pools.checkNames.count)
        awaits = Array(repeating: Instruction.noGroup, count: program.pools.awaits.count)
        measures = Array(repeating: Instruction.noGroup, count: program.pools.measures.count)
        records = Array(repeating: Instruction.noGroup, count: program.pools.records.count)
        for check in program.expectations.checks { checks[Int(check)].insert(Instruction.noGroup) }
        for instruction in program.instructions {
            switch instruction.opcode {
            case .sendText, .sendTyped: sends.insert(instruction.group)
            case .check: checks[Int(program.pools.checks[Int(instruction.a)].name)].insert(instruction.group)
            case .fail: checks[Int(instruction.b)].insert(instruction.group)
            case .await:
                checks[Int(program.pools.awaits[Int(instruction.a)].check)].insert(instruction.group)
                awaits[Int(instruction.a)] = instruction.group
            case .measure: measures[Int(instruction.a)] = instruction.group
            case .record: records[Int(instruction.a)] = instruction.group
            default: break
            }
        }
    }
}

/// A series for each of some groups.
private struct GroupedSeries {
    /// In the order of their groups; mostly one.
    private let entries: [(group: UInt16, series: SeriesID)]

    init(_ groups: Set<UInt16>, _ series: (UInt16) -> SeriesID) {
        entries = groups.sorted().map { ($0, series($0)) }
    }

    var all: [SeriesID] { entries.map(\.series) }

    subscript(group: UInt16) -> SeriesID {
        var low = 0
        var high = entries.count - 1
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].group < group { low = middle + 1 } else { high = middle }
        }
        precondition(entries[low].group == group, "a sample from group \(group), where the program has no such step")
        return entries[low].series
    }
}

extension MetricDefinition {
    init(_ metric: Pools.Metric) {
        self =
            switch metric.kind {
            case .counter: .custom(metric.name, .counter)
            case .gauge: .custom(metric.name, .gauge)
            case .rate: .custom(metric.name, .rate)
            case .trend: .custom(metric.name, .trend)
            case .time: .custom(metric.name, .trend, isTime: true)
            }
    }
}

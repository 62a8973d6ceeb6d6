import EventProgram
import LoadMetrics

/// The series that the virtual users of one scenario feed on one loop, found once: by the hot path each is an index.
struct SeriesTable {
    let sessions: SeriesID
    let messagesReceived: SeriesID
    let sessionFailed: SeriesID
    let iterations: SeriesID
    let inboxDropped: SeriesID
    let dataSent: SeriesID
    let dataReceived: SeriesID
    let connecting: SeriesID
    let dns: SeriesID
    let tcp: SeriesID
    let upgrade: SeriesID
    let sessionDuration: SeriesID
    let ping: SeriesID
    let iterationDuration: SeriesID
    let timerLag: SeriesID

    /// Those that carry the `group` of a step: one for each group, the last for none.
    private let messagesSent: [SeriesID]
    private let checks: [SeriesID]
    private let awaits: [SeriesID]
    private let groupCount: Int

    private let tags: TagSet
    private let groups: [String]

    /// - Parameter tags: what every sample carries: `scenario`, `url`, and the plan's own.
    init(program: Program, tags: TagSet, recorder: MetricsRecorder) {
        self.tags = tags
        groups = program.pools.groups
        groupCount = groups.count + 1
        func series(_ metric: MetricDefinition) -> SeriesID { recorder.series(metric, tags) }
        sessions = series(.wsSessions)
        messagesReceived = series(.wsMsgsReceived)
        sessionFailed = series(.wsSessionFailed)
        iterations = series(.iterations)
        inboxDropped = series(.wsInboxDropped)
        dataSent = series(.dataSent)
        dataReceived = series(.dataReceived)
        connecting = series(.wsConnecting)
        dns = series(.wsDNS)
        tcp = series(.wsTCP)
        upgrade = series(.wsUpgrade)
        sessionDuration = series(.wsSessionDuration)
        ping = series(.wsPing)
        iterationDuration = series(.iterationDuration)
        timerLag = series(.timerLag)
        let grouped = groups.map { tags.with("group", $0) } + [tags]
        messagesSent = grouped.map { recorder.series(.wsMsgsSent, $0) }
        checks = program.pools.checkNames.flatMap { name in
            grouped.map { recorder.series(.checks, $0.with("check", name)) }
        }
        awaits = program.pools.awaits.flatMap { await_ in
            grouped.map { recorder.series(.wsAwait, $0.with("name", await_.name)) }
        }
    }

    func messagesSent(inGroup group: UInt16) -> SeriesID { messagesSent[place(of: group)] }

    func check(_ name: UInt32, inGroup group: UInt16) -> SeriesID { checks[Int(name) * groupCount + place(of: group)] }

    func await(_ index: UInt32, inGroup group: UInt16) -> SeriesID {
        awaits[Int(index) * groupCount + place(of: group)]
    }

    /// The tags of a sample in a group.
    func tags(inGroup group: UInt16) -> TagSet {
        group == Instruction.noGroup ? tags : tags.with("group", groups[Int(group)])
    }

    private func place(of group: UInt16) -> Int { group == Instruction.noGroup ? groupCount - 1 : Int(group) }
}

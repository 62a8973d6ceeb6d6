// swift-tools-version: 6.2
import PackageDescription

/// Every target of ours is compiled alike: Swift 6 language mode, and nothing is visible that was not imported.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// Links the Swift runtime into the executable, so that it runs where no Swift is installed. Only the executable: Swift
/// Testing exists as a shared library alone, and `--static-swift-stdlib`, which would say the same for everything,
/// leaves the tests without it. The libraries are those that FoundationEssentials (brought by ArgumentParser) needs, and
/// of the linkers only lld, which comes with Swift, has nothing to say of the `mktemp` in it that nobody calls.
///
/// What the dynamic linker has to do is most of what starting takes: `--version` cost 6.1 ms of processor time. At a fixed
/// address the executable needs none of its 49,000 relocations, and shares 150 pages more with its file: 5.4 ms. With the C++
/// library of the runtime in it as well, which `scripts/setup` puts where the linker looks first, it is 4.6 ms.
let staticRuntime: [LinkerSetting] = [
    .unsafeFlags(["-static-stdlib", "-use-ld=lld", "-Xclang-linker", "-no-pie"]),
    .unsafeFlags(["-Xclang-linker", "-static-libgcc", "-L", "\(Context.packageDirectory)/.build/static"]),
    .linkedLibrary("_FoundationCShims"),
    .linkedLibrary("_FoundationCollections"),
    .linkedLibrary("swiftSynchronization"),
]

/// A library target below `Sources/`; `dependencies` is all that it may import.
func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// The tests of one target, `Tests/<name>Tests/`; what `dependencies` names beyond it, they may use too.
func tests(
    _ name: String, _ dependencies: [Target.Dependency] = [], resources: Bool = false, programs: Bool = false
) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: [.target(name: name), "TestSupport"] + dependencies,
        exclude: (resources ? ["Fixtures"] : []) + (programs ? ["Servers"] : []), swiftSettings: settings)
}

let package = Package(
    name: "wsplan",
    products: [
        .executable(name: "wsplan", targets: ["wsplan"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    ],
    targets: [
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CLinux"),
        .target(name: "CSchemas"),

        room("Digests", ["COpenSSL"]),
        room("JSON"),
        room("Quantities"),
        room("Diagnostics"),
        room("PlanSyntax", ["Diagnostics", "JSON", "CLibYAML"]),
        room("Expressions", ["Diagnostics", "JSON", "Digests", "CPCRE2"]),
        room("DataTables", ["Diagnostics", "JSON", "Expressions"]),
        room(
            "LoadMetrics",
            ["Diagnostics", "JSON", "Quantities", .product(name: "Histogram", package: "hdrhistogram-swift")]),
        // Plans are judged by the code that later carries them out: thresholds by LoadMetrics, addresses, headers and
        // close codes by WebSocketCodec, data files by DataTables. All are values without I/O.
        room(
            "PlanModel",
            [
                "DataTables", "Diagnostics", "Digests", "PlanSyntax", "Quantities", "Expressions", "LoadMetrics",
                "WebSocketCodec",
            ]),
        room("PlanLint", ["Diagnostics", "Expressions", "LoadMetrics", "PlanModel", "Quantities"]),
        room("EventProgram", ["Diagnostics", "Quantities", "Expressions"]),
        room(
            "PlanCompiler",
            ["DataTables", "Diagnostics", "Quantities", "PlanModel", "EventProgram", "Expressions", "JSON"]),
        room("WebSocketCodec", ["Digests", "CZlib"]),
        room("WebSocketTransport", ["Digests", "WebSocketCodec", "Quantities", "CLinux", "COpenSSL"]),
        room("EchoServer", ["WebSocketTransport", "WebSocketCodec"]),
        room(
            "LoadRunner",
            [
                "DataTables", "EventProgram", "Expressions", "WebSocketTransport", "WebSocketCodec", "LoadMetrics",
                "Diagnostics", "Quantities",
            ]),
        room("RunReports", ["Diagnostics", "LoadMetrics", "JSON"]),
        room(
            "WSPlanCommand",
            [
                "CLinux", "CSchemas", "DataTables", "Diagnostics", "Digests", "JSON", "PlanSyntax", "Quantities",
                "Expressions", "PlanModel", "PlanLint", "PlanCompiler", "EventProgram", "WebSocketCodec",
                "WebSocketTransport", "EchoServer", "LoadMetrics", "LoadRunner", "RunReports",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(
            name: "wsplan", dependencies: ["WSPlanCommand"], swiftSettings: settings, linkerSettings: staticRuntime),

        // Where its limits are held: Benchmarks/micro.py.
        .executableTarget(
            name: "micro-benchmarks",
            dependencies: [
                "Diagnostics", "EventProgram", "Expressions", "LoadMetrics", "PlanCompiler", "PlanModel", "PlanSyntax",
                "WebSocketCodec", "WebSocketTransport",
            ], path: "Benchmarks/Micro", swiftSettings: settings),

        .target(
            name: "TestSupport", dependencies: ["CLinux", "Diagnostics"], path: "Tests/TestSupport",
            swiftSettings: settings),
        tests("Digests"),
        tests("JSON"),
        tests("Quantities"),
        tests("Diagnostics"),
        tests("PlanSyntax", ["Diagnostics"], resources: true),
        tests("Expressions", ["Diagnostics", "JSON"], resources: true),
        tests("DataTables", ["Expressions"]),
        tests("LoadMetrics", ["Diagnostics", "JSON", "Quantities"], resources: true),
        tests(
            "PlanModel",
            ["DataTables", "Diagnostics", "Expressions", "JSON", "PlanSyntax", "LoadMetrics", "WebSocketCodec"],
            resources: true),
        tests("PlanLint", ["Diagnostics", "PlanSyntax", "PlanModel"], resources: true),
        tests(
            "EventProgram",
            ["Diagnostics", "Expressions", "PlanSyntax", "PlanModel", "PlanCompiler", "WebSocketCodec"],
            resources: true),
        tests(
            "PlanCompiler", ["DataTables", "Diagnostics", "PlanSyntax", "PlanModel", "PlanLint", "EventProgram"],
            resources: true),
        tests("WebSocketCodec", ["CZlib"], resources: true),
        tests("WebSocketTransport", ["CLinux", "COpenSSL", "WebSocketCodec", "EchoServer"]),
        tests("LoadRunner", ["DataTables", "Expressions", "LoadMetrics", "Quantities"]),
        tests("RunReports", ["Diagnostics", "LoadMetrics"], resources: true),
        tests("WSPlanCommand", resources: true, programs: true),
    ]
)

using System.Xml.Linq;

namespace Forecast.Core.Tests;

/// <summary>The arrows of docs/ARCHITECTURE.md, held against the project files.</summary>
public sealed class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Forecast.Core"] = ["NodaTime"],
        ["Forecast.Torch"] = [],
        ["Forecast.Models"] = ["Forecast.Core", "Forecast.Torch", "TorchSharp", "MathNet.Numerics"],
        ["Forecast.Backtest"] = ["Forecast.Core", "Forecast.Models", "MathNet.Numerics"],
        ["Forecast.Store"] = ["Forecast.Core", "Microsoft.Data.Sqlite", "Npgsql", "Dapper"],
        ["Forecast.Hosting"] = ["Forecast.Backtest", "Forecast.Store", "CsvHelper", "Quartz", "RabbitMQ.Client"],
        ["Forecast.Api"] = ["Forecast.Hosting", "Microsoft.AspNetCore.OpenApi", "OpenTelemetry.Exporter.OpenTelemetryProtocol"],
        ["Forecast.Cli"] = ["Forecast.Hosting", "Forecast.Api", "System.CommandLine", "Spectre.Console"],
    };

    public static TheoryData<string> Projects => [.. Directory.GetDirectories(Source()).Select(Path.GetFileName).OfType<string>()];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_room_knows_only_what_the_map_allows(string project)
    {
        var file = XDocument.Load(Path.Combine(Source(), project, $"{project}.csproj"));
        var known = file.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value))
            .Concat(file.Descendants("PackageReference").Select(r => r.Attribute("Include")!.Value));
        known.ShouldBeSubsetOf(Allowed[project]);
    }

    [Fact]
    public void Every_room_of_the_map_exists() =>
        Directory.GetDirectories(Source()).Select(Path.GetFileName).ShouldBe(Allowed.Keys, ignoreOrder: true);

    private static string Source() => Repository.At("src");
}

using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Forecast.Api.Tests.Support;

namespace Forecast.Api.Tests.Operations;

/// <summary>What can be checked of the images and the compose file without an engine.</summary>
public sealed partial class DeploymentTests
{
    private static readonly string[] ServiceKeys =
    [
        "build", "cap_drop", "command", "depends_on", "deploy", "environment", "healthcheck", "hostname", "image", "ports", "profiles", "read_only", "restart", "security_opt", "stop_grace_period",
        "tmpfs", "user", "volumes",
    ];

    private static JsonObject Compose => Yaml.Read(File.ReadAllText(Repository.At("docker-compose.yml"))).AsObject();

    private static IEnumerable<(string Name, JsonObject Service)> Ours => Compose["services"]!.AsObject().Where(s => s.Value!["image"]!.GetValue<string>().StartsWith("forecast", StringComparison.Ordinal)).Select(s => (s.Key, s.Value!.AsObject()));

    [Fact]
    public void The_compose_file_has_the_services_and_every_name_in_it_leads_somewhere()
    {
        Compose.Select(k => k.Key).ShouldBe(["name", "services", "volumes"]);
        var services = Compose["services"]!.AsObject();
        services.Select(s => s.Key).ShouldBe(["postgres", "rabbitmq", "api", "worker", "worker-gpu"]);
        var volumes = Compose["volumes"]!.AsObject().Select(v => v.Key).ToArray();
        foreach (var (name, node) in services)
        {
            var service = node!.AsObject();
            service.Select(k => k.Key).Except(ServiceKeys, StringComparer.Ordinal).ShouldBeEmpty(name);
            Pinned(service["image"]!.GetValue<string>());
            foreach (var needed in service["depends_on"]?.AsObject().Select(d => d.Key) ?? [])
            {
                services.ContainsKey(needed).ShouldBeTrue($"{name} needs {needed}");
                services[needed]!["healthcheck"].ShouldNotBeNull($"{name} waits for the health of {needed}");
            }

            foreach (var mount in service["volumes"]?.AsArray().Select(v => v!.GetValue<string>().Split(':')) ?? [])
            {
                if (mount[0].StartsWith("./", StringComparison.Ordinal)) File.Exists(Repository.At(mount[0][2..])).ShouldBeTrue(mount[0]);
                else volumes.ShouldContain(mount[0]);
            }

            if (service["build"] is { } build) File.Exists(Repository.At(build["dockerfile"]!.GetValue<string>())).ShouldBeTrue();
            foreach (var published in service["ports"]?.AsArray() ?? []) published!.GetValue<string>().ShouldStartWith("127.0.0.1:");
            foreach (var variable in service["environment"]?.AsObject() ?? []) if (variable.Key.Contains("PASS", StringComparison.Ordinal)) variable.Value!.GetValue<string>().ShouldStartWith("${", Case.Sensitive, "no password stands in the file");
        }
    }

    [Fact]
    public void Our_services_run_as_nobody_in_particular_on_a_read_only_root()
    {
        Ours.Count().ShouldBe(3);
        foreach (var (name, service) in Ours)
        {
            service["user"]!.GetValue<string>().ShouldBe("10001", name);
            service["read_only"]!.GetValue<string>().ShouldBe("true", name);
            service["cap_drop"]![0]!.GetValue<string>().ShouldBe("ALL", name);
            service["security_opt"]![0]!.GetValue<string>().ShouldBe("no-new-privileges:true", name);
            service["tmpfs"]![0]!.GetValue<string>().ShouldBe("/tmp", name);
        }
    }

    [Theory]
    [InlineData("deploy/Dockerfile")]
    [InlineData("deploy/Dockerfile.gpu")]
    public void An_image_is_pinned_runs_as_a_user_and_copies_what_is_there(string file)
    {
        var lines = File.ReadAllText(Repository.At(file)).Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#').ToArray();
        var arguments = lines.Where(l => l.StartsWith("ARG ", StringComparison.Ordinal)).Select(l => l[4..].Split('=', 2)).ToDictionary(a => a[0], a => a[1]);
        foreach (var image in arguments.Values) Pinned(image);
        var stages = new List<string>();
        foreach (var words in lines.Where(l => l.StartsWith("FROM ", StringComparison.Ordinal)).Select(l => l.Split(' ')))
        {
            arguments.ShouldContainKey(words[1].Trim('$', '{', '}'));
            stages.Add(words.Length == 4 ? words[3] : "");
        }

        stages[^1].ShouldBe("");
        lines.Last(l => l.StartsWith("USER ", StringComparison.Ordinal)).ShouldBe("USER 10001");
        Array.FindLastIndex(lines, l => l.StartsWith("USER ", StringComparison.Ordinal)).ShouldBeGreaterThan(Array.FindLastIndex(lines, l => l.StartsWith("RUN ", StringComparison.Ordinal)), "nothing is installed after the user is set");
        var ignored = File.ReadAllLines(Repository.At($"{file}.dockerignore"));
        foreach (var words in lines.Where(l => l.StartsWith("COPY ", StringComparison.Ordinal)).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            if (words[1].StartsWith("--from=", StringComparison.Ordinal))
            {
                stages.ShouldContain(words[1]["--from=".Length..]);
                continue;
            }

            foreach (var source in words[1..^1])
            {
                (File.Exists(Repository.At(source)) || Directory.Exists(Repository.At(source))).ShouldBeTrue($"{file} copies {source}");
                ignored.ShouldNotContain(source.TrimEnd('/'));
            }
        }
    }

    /// <summary>The commands of the images and of the compose file are ones that the program understands.</summary>
    [Fact]
    public async Task The_commands_inside_are_understood()
    {
        var commands = Ours.Select(s => s.Service["command"]!.AsArray())
            .Concat(new[] { "deploy/Dockerfile", "deploy/Dockerfile.gpu" }.Select(f => JsonNode.Parse(File.ReadLines(Repository.At(f)).Last(l => l.StartsWith("CMD ", StringComparison.Ordinal))[4..])!.AsArray()));
        foreach (var words in commands.Select(c => c.Select(w => w!.GetValue<string>()).ToArray()))
        {
            using var process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "forecast"), [words[0], "--help"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
            var help = await process.StandardOutput.ReadToEndAsync(Cancel);
            await process.WaitForExitAsync(Cancel);
            process.ExitCode.ShouldBe(0);
            foreach (var option in words.Where(w => w.StartsWith("--", StringComparison.Ordinal))) help.ShouldContain(option, Case.Sensitive, string.Join(' ', words));
        }

        // What the health checks ask for is there, without a key.
        await using var server = await Server.StartAsync(null, "--access", "keys");
        foreach (Match url in Url().Matches(string.Join(' ', Ours.Select(s => s.Service["healthcheck"]?.ToJsonString()))))
        {
            using var answer = await server.Http.GetAsync(url.Groups["path"].Value, Cancel);
            answer.IsSuccessStatusCode.ShouldBeTrue(url.Value);
        }
    }

    /// <summary>A tag with at least a full version, never one that moves.</summary>
    private static void Pinned(string image) => image.ShouldMatch(@":\d+\.\d+(\.\d+)?([.-][\w.]+)*$|@sha256:[0-9a-f]{64}$", $"{image} moves");

    [GeneratedRegex("http://127\\.0\\.0\\.1:8080(?<path>/[a-z/]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Url();
}

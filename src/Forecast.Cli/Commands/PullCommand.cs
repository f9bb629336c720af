using System.CommandLine;
using Forecast.Cli.Output;
using Forecast.Hosting.Pulls;
using Spectre.Console;

namespace Forecast.Cli.Commands;

/// <summary><c>forecast pull OWNER/NAME</c>: brings a published model into the cache.</summary>
internal static class PullCommand
{
    public static Command Create()
    {
        var source = new Argument<string>("SOURCE") { Description = "A published model as OWNER/NAME, the address of a folder of files, or a local folder" };
        var revision = new Option<string>("--revision") { Description = "Branch, tag or commit", DefaultValueFactory = _ => "main" };
        var name = new Option<string?>("--name") { Description = "OWNER/NAME in the cache; default the source's own" };
        var mirror = new Option<string?>("--mirror") { Description = $"Server of the hub's layout; default FORECAST_HUB, else {PullRequest.PublicHub}" };
        var cache = new Option<string?>("--cache") { Description = "Folder of the cache; default FORECAST_MODELS, else models in FORECAST_HOME" };
        var lockFile = new Option<string?>("--lock") { Description = "Lock file with the pinned hashes; default models.lock.json in the cache" };
        var offline = new Option<bool>("--offline") { Description = "Ask no server: check what is in the cache against the lock" };
        var update = new Option<bool>("--update") { Description = "Take and pin what the server has now" };
        var json = new Option<bool>("--json") { Description = "What is in the cache, as JSON" };
        var command = new Command("pull", $"Fetch a published model; a token for private ones is read from {string.Join(" or ", PullRequest.TokenVariables)}") { source, revision, name, mirror, cache, lockFile, offline, update, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var request = new PullRequest(parsed.GetValue(source)!)
            {
                Revision = parsed.GetValue(revision)!,
                Name = parsed.GetValue(name),
                Mirror = parsed.GetValue(mirror),
                LockFile = parsed.GetValue(lockFile),
                Offline = parsed.GetValue(offline),
                Update = parsed.GetValue(update),
                Token = PullRequest.TokenOfEnvironment(),
            };
            if (parsed.GetValue(cache) is { } folder) request = request with { Cache = folder };
            var result = await ModelPuller.PullAsync(request, new Lines(), cancellation);
            if (parsed.GetValue(json)) Json.Print(result);
            else Terminal.Out.WriteLine($"{result.Name}: {result.Files.Count} files, {result.Files.Sum(f => f.Size):N0} bytes, {(result.BytesFetched == 0 ? "nothing to fetch" : $"{result.BytesFetched:N0} fetched")}, in {result.Folder}");
            return 0;
        });
        return command;
    }

    /// <summary>A line each tenth of a file, and one for trouble.</summary>
    private sealed class Lines : IProgress<PullProgress>
    {
        private string _last = "";

        public void Report(PullProgress value)
        {
            var line = value.Trouble is { } trouble
                ? $"{value.File}: {trouble}; trying again"
                : value.Size is > 0 and { } size ? $"{value.File}: {10 * (10 * value.Done / size)} % of {size:N0} bytes" : $"{value.File}: {value.Done >> 24 << 4} MiB";
            if (line == _last) return;
            _last = line;
            Console.Error.WriteLine(line);
        }
    }
}

using System.CommandLine;
using System.Net;
using System.Runtime.InteropServices;
using Forecast.Api;
using Forecast.Api.Access;
using Forecast.Cli.Output;
using Forecast.Core;
using Forecast.Hosting;
using Forecast.Models.Catalogue;

namespace Forecast.Cli.Commands;

/// <summary><c>forecast serve</c>: the API, the web pages and the work behind them, until Ctrl-C or SIGTERM.</summary>
internal static class ServeCommand
{
    private const int LastPort = 65_535;

    public static Command Create(ModelCatalogue catalogue)
    {
        var port = new Option<int>("--port") { Description = "Port; 0 = any free one", DefaultValueFactory = _ => 8080 };
        var listen = new Option<string>("--listen") { Description = "Address; beyond 127.0.0.1 every request needs a key", DefaultValueFactory = _ => "127.0.0.1" };
        var access = new Option<string>("--access") { Description = "auto: keys are needed once there is one, and beyond 127.0.0.1; keys: always; open: never, on 127.0.0.1 only", DefaultValueFactory = _ => "auto" };
        var logs = new Option<string>("--logs") { Description = "text: warnings, for people; json: a JSON object a line on standard error, requests included", DefaultValueFactory = _ => "text" };
        var web = new Option<string?>("--web") { Description = "Folder of the built web pages; default web/dist of the platform" };
        var workers = new Option<int>("--workers") { Description = "Work items done at once; 0 leaves them to 'forecast worker', where a broker is", DefaultValueFactory = _ => Environment.ProcessorCount };
        var device = new DeviceOption();
        var usual = new ApiLimits();
        var seconds = new Option<double>("--forecast-seconds") { Description = "Time that one forecast request may take", DefaultValueFactory = _ => usual.ForecastSeconds };
        var atOnce = new Option<int>("--forecasts-at-once") { Description = "Forecast requests worked on at once", DefaultValueFactory = _ => usual.ConcurrentForecasts };
        var waiting = new Option<int>("--forecasts-waiting") { Description = "Forecast requests that wait for their turn; one more is answered 503", DefaultValueFactory = _ => usual.WaitingForecasts };
        var command = new Command("serve", "Serve the API and the web pages on this machine") { port, listen, access, logs, web, workers, seconds, atOnce, waiting };
        device.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var (number, count, folder) = (parsed.GetValue(port), parsed.GetValue(workers), parsed.GetValue(web));
            if (number is < 0 or > LastPort) throw new ForecastException("port-invalid", $"port is {number}; it must be 0 to {LastPort}", "port");
            var fewest = ForecastHome.Broker is null ? 1 : 0;
            if (count < fewest) throw new ForecastException("workers-invalid", $"workers is {count}; it must be at least {fewest}", "workers");
            var limits = usual with { ForecastSeconds = parsed.GetValue(seconds), ConcurrentForecasts = parsed.GetValue(atOnce), WaitingForecasts = parsed.GetValue(waiting) };
            if (!(limits.ForecastSeconds is > 0 and <= 86_400)) throw new ForecastException("forecast-seconds-invalid", $"forecast-seconds is {limits.ForecastSeconds}; it must be above 0 and at most 86400", "forecast-seconds");
            if (limits.ConcurrentForecasts < 1) throw new ForecastException("forecasts-at-once-invalid", $"forecasts-at-once is {limits.ConcurrentForecasts}; it must be at least 1", "forecasts-at-once");
            if (limits.WaitingForecasts < 0) throw new ForecastException("forecasts-waiting-invalid", $"forecasts-waiting is {limits.WaitingForecasts}; it must be 0 or more", "forecasts-waiting");
            if (folder is not null && !File.Exists(Path.Combine(folder, "index.html"))) throw new ForecastException("web-missing", $"folder '{folder}' has no index.html; build the pages first", "web");
            if (!IPAddress.TryParse(parsed.GetValue(listen), out var address)) throw new ForecastException("listen-invalid", $"listen is '{parsed.GetValue(listen)}'; it must be an address of this machine, as 127.0.0.1 or 0.0.0.0", "listen");
            if (!Enum.TryParse<AccessMode>(parsed.GetValue(access), ignoreCase: true, out var mode) || !Enum.IsDefined(mode)) throw new ForecastException("access-invalid", $"access is '{parsed.GetValue(access)}'; it must be auto, keys or open", "access");
            if (parsed.GetValue(logs) is not ("text" or "json")) throw new ForecastException("logs-invalid", $"logs is '{parsed.GetValue(logs)}'; it must be text or json", "logs");
            AccessModes.Checked(mode, address);
            await using var platform = await ForecastPlatform.OpenAsync(catalogue.PublishedWeightsOnly(), count, Trouble.Tell, cancellation, device.Resolve(parsed));
            await ServeAsync(platform, new ApiOptions { Address = address, Access = mode, Port = number, StructuredLog = parsed.GetValue(logs) == "json", Web = folder ?? ForecastHome.Web, Limits = limits }, cancellation);
            return 0;
        });
        return command;
    }

    /// <summary>Ends well on either signal: jobs that are being worked on are handed back to the store.</summary>
    private static async Task ServeAsync(ForecastPlatform platform, ApiOptions options, CancellationToken cancellation)
    {
        await using var app = ApiHost.Build(platform, options);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        await app.StartAsync(cancellation);
        await Console.Out.WriteLineAsync($"Forecast serves {app.Urls.First()} (Ctrl-C ends it)");
        await Task.Delay(Timeout.Infinite, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await app.StopAsync(CancellationToken.None);

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }
}

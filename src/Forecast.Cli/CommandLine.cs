using System.CommandLine;
using Forecast.Cli.Commands;
using Forecast.Cli.Output;
using Forecast.Core;
using Forecast.Models.Catalogue;

namespace Forecast.Cli;

/// <summary>The command line: verbs, and how every outcome becomes an exit code (0 fine, 1 failed, 2 bad usage or input).</summary>
internal static class CommandLine
{
    private const int Failed = 1;
    private const int BadInput = 2;
    private const int Interrupted = 130;

    public static async Task<int> RunAsync(string[] args, ModelCatalogue catalogue)
    {
        var root = new RootCommand("Forecast: time-series forecasts, walk-forward back-tests and risk figures.")
        {
            ModelsCommand.Create(catalogue),
            DeviceCommand.Create(),
            ImportCommand.Create(),
            FitCommand.Create(catalogue),
            PredictCommand.Create(catalogue),
            BacktestCommand.Create(catalogue),
            ScoreCommand.Create(),
            RiskTestCommand.Create(),
            VerifyCommand.Create(),
            PullCommand.Create(),
            ServeCommand.Create(catalogue),
            WorkerCommand.Create(catalogue),
            ScheduleCommand.Create(catalogue),
            KeysCommand.Create(),
            BackupCommands.Backup(),
            BackupCommands.Restore(),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            var verb = parsed.CommandResult.Command;
            var message = parsed.UnmatchedTokens.Count > 0
                ? verb == root ? $"there is no verb '{parsed.UnmatchedTokens[0]}'" : $"'{parsed.UnmatchedTokens[0]}' is not understood"
                : parsed.Errors[0].Message;
            return await RefuseAsync(new ForecastException("usage", $"{message.TrimEnd('.')} (forecast {(verb == root ? "" : verb.Name + " ")}--help)"), args);
        }

        using var interrupt = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            interrupt.Cancel();
        };
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interrupt.Token);
        }
        catch (ForecastException e)
        {
            return await RefuseAsync(e, args);
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("stopped; what was committed is kept");
            return Interrupted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"error: {e.Message.ReplaceLineEndings(" ")}");
            return BadInput;
        }
        catch (Exception e)
        {
            // A defect of ours: one line for the user, the trace in a file for whoever mends it.
            var trace = Path.Combine(Path.GetTempPath(), $"forecast-crash-{Environment.ProcessId}.txt");
            await File.WriteAllTextAsync(trace, e.ToString(), CancellationToken.None);
            await Console.Error.WriteLineAsync($"error: internal failure ({e.GetType().Name}); details are in {trace}");
            return Failed;
        }
    }
    /// <summary>One line for people; with <c>--json</c> the same for programs.</summary>
    private static async Task<int> RefuseAsync(ForecastException e, string[] args)
    {
        var message = e.Message.ReplaceLineEndings(" ");
        if (args.Contains("--json", StringComparer.Ordinal)) Json.Print(new { error = new { e.Code, message, e.Field, e.Series, e.Index } });
        await Console.Error.WriteLineAsync($"error: {message}");
        return BadInput;
    }
}

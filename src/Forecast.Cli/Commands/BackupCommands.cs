using System.CommandLine;
using Forecast.Cli.Output;
using Forecast.Hosting;
using Forecast.Hosting.Backups;

namespace Forecast.Cli.Commands;

/// <summary><c>forecast backup FOLDER</c> and <c>forecast restore FOLDER</c>: a copy of the store and of registered models, and its way back.</summary>
internal static class BackupCommands
{
    public static Command Backup() => Create(
        "backup", "Copy the store and registered models into a new folder, while servers go on", BackupFolder.MakeAsync, (folder, made) => $"{made.Files.Count} files of {ForecastHome.Store} are in {folder}");

    public static Command Restore() => Create(
        "restore", "Check a backup and put it where this installation keeps its things", BackupFolder.RestoreAsync, (folder, made) => $"{made.Files.Count} files of {made.MadeAt} are back from {folder}: {ForecastHome.Store}");

    private static Command Create(string verb, string summary, Func<string, CancellationToken, Task<BackupManifest>> work, Func<string, BackupManifest, string> said)
    {
        var folder = new Argument<string>("FOLDER") { Description = "Folder of the backup" };
        var json = new Option<bool>("--json") { Description = "What the backup holds, as JSON" };
        var command = new Command(verb, summary) { folder, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var manifest = await work(parsed.GetValue(folder)!, cancellation);
            if (parsed.GetValue(json)) Json.Print(manifest);
            else await Console.Out.WriteLineAsync(said(parsed.GetValue(folder)!, manifest));
            return 0;
        });
        return command;
    }
}

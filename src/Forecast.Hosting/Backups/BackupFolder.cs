using System.Security.Cryptography;
using System.Text.Json;
using Forecast.Core;
using Forecast.Hosting.Serialization;
using Forecast.Store;
using NodaTime;
using NodaTime.Text;

namespace Forecast.Hosting.Backups;

/// <summary>What a backup holds: each file with its SHA-256.</summary>
/// <param name="MadeAt">When, ISO 8601.</param>
/// <param name="Engine">The build that made it.</param>
/// <param name="Files">SHA-256 by path within the folder.</param>
public sealed record BackupManifest(string MadeAt, string Engine, IReadOnlyDictionary<string, string> Files);

/// <summary>
/// A copy of an embedded installation: the store, then the artefacts of the registry. In this order, since an artefact is written
/// before the row that names it: every row of the copy finds its file. Reports are made again from the store, pulled models
/// are fetched again. A store on Postgres is copied by Postgres' own tools.
/// </summary>
public static class BackupFolder
{
    private const string Manifest = "manifest.json";
    private const string Database = "forecast.db";
    private const string Artefacts = "artefacts";

    /// <summary>Makes a backup while servers and runs go on.</summary>
    /// <param name="folder">A folder that does not exist, or is empty.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ForecastException"><c>backup-exists</c>, <c>backup-postgres</c>, <c>store-disk</c>.</exception>
    public static async Task<BackupManifest> MakeAsync(string folder, CancellationToken cancellation)
    {
        RequireFile();
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()) throw new ForecastException("backup-exists", $"folder '{folder}' is not empty; name a new one for each backup", "folder");
        Directory.CreateDirectory(folder);
        await using (var store = (SqliteForecastStore)await ForecastStores.OpenAsync(ForecastHome.Store, cancellation)) await store.CopyAsync(Path.Combine(folder, Database), cancellation);
        if (Directory.Exists(ForecastHome.Artefacts)) Copy(ForecastHome.Artefacts, Path.Combine(folder, Artefacts));
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)) files[Path.GetRelativePath(folder, file)] = await HashAsync(file, cancellation);
        var manifest = new BackupManifest(InstantPattern.General.Format(SystemClock.Instance.GetCurrentInstant()), EngineVersion.Current, files);
        await File.WriteAllTextAsync(Path.Combine(folder, Manifest), HostingJson.Write(manifest), cancellation);
        return manifest;
    }

    /// <summary>Checks a backup and puts it where this installation keeps its things. No server may run on it meanwhile.</summary>
    /// <param name="folder">The backup.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ForecastException">
    /// <c>backup-missing</c>, <c>backup-corrupt</c>: a file is not what it was; <c>store-exists</c>: there is a store already, which is never written over; <c>backup-postgres</c>.
    /// </exception>
    public static async Task<BackupManifest> RestoreAsync(string folder, CancellationToken cancellation)
    {
        RequireFile();
        var list = Path.Combine(folder, Manifest);
        if (!File.Exists(list)) throw new ForecastException("backup-missing", $"folder '{folder}' is no backup: it has no {Manifest}", "folder");
        if (File.Exists(ForecastHome.Store)) throw new ForecastException("store-exists", $"there is a store at {ForecastHome.Store} already; move it away first", "store");
        var manifest = Read(await File.ReadAllTextAsync(list, cancellation));
        foreach (var (name, hash) in manifest.Files)
        {
            var file = Path.GetFullPath(Path.Combine(folder, name));
            if (!file.StartsWith(Path.GetFullPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal) || !File.Exists(file) || await HashAsync(file, cancellation) != hash)
                throw new ForecastException("backup-corrupt", $"'{name}' of the backup is missing or is not what it was", "folder");
        }

        // The store comes last: with it the installation is whole.
        if (Directory.Exists(Path.Combine(folder, Artefacts))) Copy(Path.Combine(folder, Artefacts), ForecastHome.Artefacts);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(ForecastHome.Store))!);
        var draft = ForecastHome.Store + ".restoring";
        File.Copy(Path.Combine(folder, Database), draft, overwrite: true);
        File.Move(draft, ForecastHome.Store);
        return manifest;
    }

    private static BackupManifest Read(string manifest)
    {
        try
        {
            return HostingJson.Read<BackupManifest>(manifest);
        }
        catch (JsonException e)
        {
            throw new ForecastException("backup-corrupt", $"{Manifest} of the backup cannot be read: {e.Message}", "folder", inner: e);
        }
    }

    private static void RequireFile()
    {
        if (ForecastStores.IsPostgres(ForecastHome.Store))
            throw new ForecastException("backup-postgres", "this store is a Postgres database: copy it by pg_dump and pg_restore, and the folder of artefacts after it (docs/OPERATIONS.md)", "store");
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    private static async Task<string> HashAsync(string file, CancellationToken cancellation)
    {
        await using var content = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation));
    }
}

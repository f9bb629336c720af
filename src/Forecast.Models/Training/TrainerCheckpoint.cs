using System.Text;
using Forecast.Core;
using Forecast.Core.Forecasting;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Models.Training;

/// <summary>
/// Everything that an interrupted training needs to go on: weights, best weights, the optimiser's moments and the log. Random streams
/// need no place in it, since each epoch starts them anew.
/// </summary>
internal static class TrainerCheckpoint
{
    private const string Network = "network.safetensors";
    private const string Best = "best.safetensors";
    private const string Optimizer = "optimizer.bin";
    private const string Log = "training.json";

    public static ModelArchive Make(nn.Module network, AdamW optimizer, IReadOnlyDictionary<string, Tensor> best, IReadOnlyList<EpochRecord> epochs, int bestEpoch)
    {
        var archive = new ModelArchive();
        archive.Write(Network, StateFile.Write(network.state_dict()));
        archive.Write(Best, StateFile.Write(best));
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true)) optimizer.save_state_dict(writer);
        archive.Write(Optimizer, stream.ToArray());
        archive.WriteObject(Log, new TrainingLog(epochs, bestEpoch, StoppedEarly: false));
        return archive;
    }

    /// <exception cref="ForecastException">The checkpoint is damaged, or another network's.</exception>
    public static void Restore(ModelArchive archive, nn.Module network, AdamW optimizer, out Dictionary<string, Tensor> best, List<EpochRecord> epochs, out int bestEpoch)
    {
        var log = archive.ReadObject<TrainingLog>(Log);
        StateFile.Load(network, Best, archive.Read(Best));
        using (no_grad()) best = network.state_dict().ToDictionary(s => s.Key, s => s.Value.detach().clone().DetachFromDisposeScope(), StringComparer.Ordinal);
        StateFile.Load(network, Network, archive.Read(Network));
        try
        {
            using var reader = new BinaryReader(new MemoryStream(archive.Read(Optimizer).ToArray()), Encoding.UTF8);
            optimizer.load_state_dict(reader);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or ArgumentException)
        {
            throw new ForecastException("archive-entry-invalid", $"entry '{Optimizer}' of the checkpoint cannot be read: {e.Message}", "archive", inner: e);
        }

        epochs.AddRange(log.Epochs);
        bestEpoch = log.BestEpoch;
    }
}

using System.Text;
using Forecast.Core;

namespace Forecast.Models.Weights.Checkpoints;

/// <summary>
/// Reads what <c>torch.save</c> writes since PyTorch 1.6: a zip archive with a pickle (<c>data.pkl</c>) and the raw bytes of each
/// storage (<c>data/0</c>, <c>data/1</c>, ...). The pickle is interpreted by <see cref="PickleMachine"/>; nothing in it runs.
/// </summary>
internal static class CheckpointFile
{
    private const string PickleName = "data.pkl";

    // Where programs put the state dict, the most specific first; a file that is a state dict itself has none of them.
    private static readonly string[] StateKeys = ["state_dict", "model_state_dict", "model"];

    /// <summary>Whether the content begins as a zip archive does.</summary>
    public static bool Looks(WeightMemory memory) =>
        memory.Length >= 4 && memory.Slice(0, 4) is [(byte)'P', (byte)'K', 3, 4] or [(byte)'P', (byte)'K', 5, 6];

    /// <exception cref="ForecastException">The archive is damaged, or its pickle asks for anything but data.</exception>
    public static IWeightFile Read(WeightMemory memory)
    {
        var file = memory.File;
        var records = ZipDirectory.Read(memory);
        var pickles = records.Keys.Where(n => n == PickleName || n.EndsWith("/" + PickleName, StringComparison.Ordinal)).ToList();
        if (pickles.Count != 1) throw WeightErrors.Invalid(file, $"a PyTorch checkpoint holds one '{PickleName}', this archive {pickles.Count}");
        var folder = pickles[0][..^PickleName.Length];
        CheckByteOrder(memory, records, folder);

        var storages = new Dictionary<string, WeightStorage>(StringComparer.Ordinal);
        var record = records[pickles[0]];
        if (record.Length > PickleBudget.LongestPickle) throw WeightErrors.Refused(file, $"its pickle has {record.Length} bytes; {PickleBudget.LongestPickle} are allowed");
        var root = new PickleMachine(file, id => Storage(id, memory, records, storages, folder)).Run(Storage(memory, record).Slice(0, record.Length));
        var state = FindState(root);
        var tensors = state.Items.Where(i => i.Value is PickleTensor).Select(i => i.Key is string name
            ? ((PickleTensor)i.Value!).Tensor.Named(name)
            : throw WeightErrors.Invalid(file, "a tensor of the state dict is not named by a text")).ToList();
        if (tensors.Count == 0) throw WeightErrors.Invalid(file, "the checkpoint holds no state dict: no dictionary of named tensors was found at its top or under " + string.Join(", ", StateKeys));
        return new WeightTable(file, WeightFormat.Checkpoint, tensors, new Lazy<IReadOnlyDictionary<string, string>>(() => InertJson.Entries((PickleDict)root!, state)), [memory]);
    }

    private static PickleDict FindState(object? root)
    {
        if (root is not PickleDict top) return new PickleDict();
        foreach (var key in StateKeys)
        {
            if (top.TryGet(key, out var value) && value is PickleDict inner && inner.Items.Any(i => i.Value is PickleTensor)) return inner;
        }

        return top;
    }

    private static void CheckByteOrder(WeightMemory memory, Dictionary<string, ZipRecord> records, string folder)
    {
        if (!records.TryGetValue(folder + "byteorder", out var record)) return;
        if (record.Length > 16) throw WeightErrors.Invalid(memory.File, "its record of the byte order is too long");
        var order = Encoding.ASCII.GetString(Storage(memory, record).Slice(0, record.Length));
        if (order != "little")
            throw WeightErrors.Unsupported(memory.File, $"its values are stored in the byte order {WeightErrors.Quote(order)}; only 'little' is read");
    }

    /// <summary>A persistent id is <c>("storage", class, key, device, number of elements)</c>.</summary>
    private static PickleStorage Storage(object? id, WeightMemory memory, Dictionary<string, ZipRecord> records, Dictionary<string, WeightStorage> storages, string folder)
    {
        if (id is not PickleTuple { Items: ["storage", PickleGlobal type, string key, _, long count] } || !TensorRules.IsStorage(type, out var element) || count < 0)
            throw WeightErrors.Refused(memory.File, "its pickle refers to something outside it that is no storage");
        if (!storages.TryGetValue(key, out var storage))
        {
            if (!records.TryGetValue($"{folder}data/{key}", out var record)) throw WeightErrors.Invalid(memory.File, $"the archive has no storage {WeightErrors.Quote(key)}");
            storages[key] = storage = Storage(memory, record);
        }

        var bytes = (Int128)count * (element?.Size() ?? 1);
        if (bytes != storage.Length) throw WeightErrors.Invalid(memory.File, $"storage {WeightErrors.Quote(key)} should have {bytes} bytes, but has {storage.Length}");
        return new PickleStorage(storage, element);
    }

    private static WeightStorage Storage(WeightMemory memory, ZipRecord record) => new(memory, record.Offset, record.Length, record.Name, record.Checksum);
}

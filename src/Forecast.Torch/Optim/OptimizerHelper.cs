using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>What the optimisers share: groups, states, and saving and loading both.</summary>
public abstract class OptimizerHelper : Optimizer
{
    private readonly List<ParamGroup> _groups = [];
    private readonly Dictionary<Parameter, OptimizerState> _states = new(ReferenceEqualityComparer.Instance);

    public OptimizerHelper()
    {
    }

    private protected override IReadOnlyList<ParamGroup> Groups => _groups;

    public override void add_param_group(ParamGroup param_group)
    {
        ArgumentNullException.ThrowIfNull(param_group);
        if (param_group.Parameters is null) throw new ArgumentException("The group has no parameters.", nameof(param_group));
        var parameters = param_group.Parameters.ToArray();
        param_group.Parameters = parameters;
        param_group.InitialLearningRate = param_group.LearningRate;
        foreach (var parameter in parameters)
        {
            if (parameter is null) throw new ArgumentException("A parameter of the group is null.", nameof(param_group));
            if (_states.ContainsKey(parameter)) throw new ArgumentException("A parameter appears twice; each belongs to one group, once.", nameof(param_group));
            var state = NewState(parameter);
            state.Initialize(param_group.Options);
            _states.Add(parameter, state);
        }
        _groups.Add(param_group);
        Rebuilt();
    }

    /// <summary>Moves the running averages to another device, as the module's <c>to</c> moves the parameters.</summary>
    public void to(Device device)
    {
        foreach (var state in _states.Values) state.to(device);
        Rebuilt();
    }

    /// <summary>Options and states; the tensors are the optimiser's own, not copies.</summary>
    public virtual StateDictionary state_dict()
    {
        var result = new StateDictionary();
        foreach (var group in _groups)
        {
            result.Options.Add(group.Options);
            var indices = new List<int>();
            foreach (var parameter in group.Parameters)
            {
                indices.Add(result.State.Count);
                result.State.Add(_states[parameter]);
            }
            result.StateIndexRef.Add(indices);
        }
        return result;
    }

    /// <summary>Copies options and states of an optimiser of the same kind, with the same groups.</summary>
    /// <exception cref="ArgumentException">Kind, groups or numbers of parameters differ.</exception>
    public virtual void load_state_dict(StateDictionary state_dict)
    {
        ArgumentNullException.ThrowIfNull(state_dict);
        var mine = this.state_dict();
        if (mine.Options.Count != state_dict.Options.Count || mine.State.Count != state_dict.State.Count ||
            !mine.StateIndexRef.Select(i => i.Count).SequenceEqual(state_dict.StateIndexRef.Select(i => i.Count)))
            throw new ArgumentException(
                $"The state has groups of [{string.Join(", ", state_dict.StateIndexRef.Select(i => i.Count))}] parameters, this optimiser [{string.Join(", ", mine.StateIndexRef.Select(i => i.Count))}].",
                nameof(state_dict));
        using var _ = no_grad();
        for (var i = 0; i < mine.Options.Count; i++) mine.Options[i].LoadStateDict(state_dict.Options[i]);
        for (var g = 0; g < mine.StateIndexRef.Count; g++)
            for (var i = 0; i < mine.StateIndexRef[g].Count; i++)
                mine.State[mine.StateIndexRef[g][i]].LoadStateDict(state_dict.State[state_dict.StateIndexRef[g][i]]);
        Rebuilt();
    }

    /// <summary>Writes options and states.</summary>
    public void save_state_dict(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(GetType().Name);
        var mine = state_dict();
        writer.Write(mine.Options.Count);
        foreach (var group in _groups) writer.Write(group.Parameters.Count());
        foreach (var options in mine.Options) options.SaveStateDict(writer);
        foreach (var state in mine.State) state.SaveStateDict(writer);
    }

    /// <summary>Writes options and states into a file.</summary>
    public void save_state_dict(string location)
    {
        using var writer = new BinaryWriter(File.Create(location));
        save_state_dict(writer);
    }

    /// <summary>Reads what <see cref="save_state_dict(BinaryWriter)"/> of an optimiser of the same kind and groups wrote.</summary>
    /// <exception cref="InvalidDataException">It was written by another kind of optimiser, or with other groups.</exception>
    public void load_state_dict(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var kind = reader.ReadString();
        if (kind != GetType().Name) throw new InvalidDataException($"The state was saved by {kind}, this is {GetType().Name}.");
        var count = reader.ReadInt32();
        if (count != _groups.Count) throw new InvalidDataException($"The state has {count} parameter groups, this optimiser has {_groups.Count}.");
        for (var i = 0; i < count; i++)
        {
            var (saved, have) = (reader.ReadInt32(), _groups[i].Parameters.Count());
            if (saved != have) throw new InvalidDataException($"Group {i} of the state has {saved} parameters, here it has {have}.");
        }
        using var _ = no_grad();
        var mine = state_dict();
        foreach (var options in mine.Options) options.LoadStateDict(reader);
        foreach (var state in mine.State) state.LoadStateDict(reader);
        Rebuilt();
    }

    /// <summary>Reads a file that <see cref="save_state_dict(string)"/> wrote.</summary>
    public void load_state_dict(string location)
    {
        using var reader = new BinaryReader(File.OpenRead(location));
        load_state_dict(reader);
    }

    /// <summary>Runs the closure with gradients, then <paramref name="body"/> on every group without.</summary>
    private protected Tensor? _step<T>(Action<T> body, Func<Tensor>? loss_closure = null) where T : ParamGroup
    {
        Tensor? loss = null;
        if (loss_closure is not null)
            using (enable_grad()) loss = loss_closure();
        using (no_grad())
            foreach (var group in _groups) body((T)group);
        return loss;
    }

    private protected override void Release()
    {
        foreach (var state in _states.Values) (state as IDisposable)?.Dispose();
    }

    /// <summary>An empty state for a parameter.</summary>
    private protected abstract OptimizerState NewState(Parameter parameter);

    /// <summary>The state of a parameter of this optimiser.</summary>
    private protected OptimizerState StateOf(Parameter parameter) => _states[parameter];

    /// <summary>Called when groups or states were exchanged, for what was derived from them.</summary>
    private protected abstract void Rebuilt();
}

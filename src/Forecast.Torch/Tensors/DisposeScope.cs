namespace TorchSharp;

/// <summary>
/// Owns what is made on its thread while it is the innermost scope, and disposes of it when it ends. Scopes nest; a result is
/// saved with <see cref="MoveToOuter{T}(T)"/> or <see cref="Detach{T}(T)"/>. A scope belongs to the thread that opened it.
/// </summary>
public sealed class DisposeScope : IDisposable
{
    [ThreadStatic]
    private static DisposeScope? innermost;

    private readonly DisposeScope? outer;
    private readonly int thread;
    private IDisposable?[] items = new IDisposable?[16];
    private int used;
    private int alive;
    private bool ended;

    internal DisposeScope()
    {
        outer = innermost;
        thread = Environment.CurrentManagedThreadId;
        innermost = this;
    }

    /// <summary>The innermost scope of this thread.</summary>
    internal static DisposeScope? Innermost => innermost;

    /// <summary>How many things the scope owns at present.</summary>
    public int DisposablesCount => alive;

    /// <summary>What the scope owns at present.</summary>
    public IReadOnlyList<IDisposable> DisposablesView
    {
        get
        {
            var view = new List<IDisposable>(alive);
            for (var i = 0; i < used; i++)
            {
                if (items[i] is { } item) view.Add(item);
            }

            return view;
        }
    }

    public bool Contains(IDisposable disposable) => Find(disposable) >= 0;

    /// <summary>Takes something into this scope, out of the one that it was in.</summary>
    public void Attach(IDisposable disposable)
    {
        ArgumentNullException.ThrowIfNull(disposable);
        if (disposable is torch.Tensor tensor) tensor.EnterScope(this);
        else if (!Contains(disposable)) Put(disposable);
    }

    public void Attach(params IDisposable[] disposables) => Attach((IEnumerable<IDisposable>)disposables);

    public IReadOnlyList<IDisposable> Attach(IEnumerable<IDisposable> disposables)
    {
        ArgumentNullException.ThrowIfNull(disposables);
        var list = disposables.ToList();
        foreach (var item in list) Attach(item);
        return list;
    }

    /// <summary>Lets something go: from now on its holder disposes of it.</summary>
    public T Detach<T>(T disposable)
        where T : IDisposable
    {
        Let(disposable, null);
        return disposable;
    }

    public (T1, T2) Detach<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable => (Detach(first), Detach(second));

    public (T1, T2, T3) Detach<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable => (Detach(first), Detach(second), Detach(third));

    public void Detach(params IDisposable[] disposables) => Detach((IEnumerable<IDisposable>)disposables);

    public void Detach(IEnumerable<IDisposable> disposables)
    {
        ArgumentNullException.ThrowIfNull(disposables);
        foreach (var item in disposables) Let(item, null);
    }

    /// <summary>Hands something to the scope around this one; without one it is let go.</summary>
    public T MoveToOuter<T>(T disposable)
        where T : IDisposable
    {
        Let(disposable, outer);
        return disposable;
    }

    public (T1, T2) MoveToOuter<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable => (MoveToOuter(first), MoveToOuter(second));

    public (T1, T2, T3) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable => (MoveToOuter(first), MoveToOuter(second), MoveToOuter(third));

    public void MoveToOuter(params IDisposable[] disposables) => MoveToOuter((IEnumerable<IDisposable>)disposables);

    public void MoveToOuter(IEnumerable<IDisposable> disposables)
    {
        ArgumentNullException.ThrowIfNull(disposables);
        foreach (var item in disposables) Let(item, outer);
    }

    public T MoveToOther<T>(DisposeScope scope, T disposable)
        where T : IDisposable
    {
        Let(disposable, scope);
        return disposable;
    }

    /// <summary>Disposes of all that the scope owns and stays open.</summary>
    public void DisposeEverything() => DisposeAllBut([]);

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeAllBut(keep);

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep) => DisposeAllBut([.. inKeep]);

    public T DisposeEverythingBut<T>(T keep)
        where T : IDisposable
    {
        DisposeAllBut([keep]);
        return keep;
    }

    public (T1, T2) DisposeEverythingBut<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable
    {
        DisposeAllBut([first, second]);
        return (first, second);
    }

    /// <summary>Forgets something that was disposed of elsewhere.</summary>
    public void MarkAsDisposed(IDisposable disposable) => Let(disposable, null);

    /// <summary>Disposes of all that the scope owns and closes it, with any scope inside it that was left open.</summary>
    public void Dispose()
    {
        if (ended) return;
        ended = true;
        DisposeEverything();
        for (var scope = innermost; scope is not null; scope = scope.outer)
        {
            if (!ReferenceEquals(scope, this)) continue;
            innermost = outer;
            break;
        }
    }

    /// <summary>Adds at the end and says where; only the scope's own thread does so.</summary>
    internal int Put(IDisposable item)
    {
        if (used == items.Length) MakeRoom();
        items[used] = item;
        alive++;
        return used++;
    }

    /// <summary>
    /// Empties a tensor's place. Another thread leaves the place as it is: the scope still holds the tensor then, which is
    /// harmless, since disposing of it again does nothing.
    /// </summary>
    internal void Leave(torch.Tensor tensor, int place)
    {
        if (thread != Environment.CurrentManagedThreadId || place >= used || !ReferenceEquals(items[place], tensor)) return;
        items[place] = null;
        alive--;
        if (place == used - 1) used--;
    }

    private void MakeRoom()
    {
        if (alive > items.Length / 2) Array.Resize(ref items, items.Length * 2);
        var to = 0;
        for (var from = 0; from < used; from++)
        {
            if (items[from] is not { } item) continue;
            items[from] = null;
            items[to] = item;
            if (item is torch.Tensor tensor) tensor.ScopePlace = to;
            to++;
        }

        used = to;
    }

    private int Find(IDisposable disposable)
    {
        if (disposable is torch.Tensor tensor) return ReferenceEquals(tensor.Scope, this) ? tensor.ScopePlace : -1;
        return Array.FindIndex(items, 0, used, item => ReferenceEquals(item, disposable));
    }

    private void Let(IDisposable disposable, DisposeScope? heir)
    {
        ArgumentNullException.ThrowIfNull(disposable);
        if (disposable is torch.Tensor tensor)
        {
            if (ReferenceEquals(tensor.Scope, this)) tensor.EnterScope(heir);
            return;
        }

        var place = Find(disposable);
        if (place < 0) return;
        items[place] = null;
        alive--;
        heir?.Attach(disposable);
    }

    private void DisposeAllBut(IDisposable[] keep)
    {
        var old = items;
        var count = used;
        items = new IDisposable?[16];
        used = 0;
        alive = 0;
        for (var i = 0; i < count; i++)
        {
            if (old[i] is not { } item) continue;
            if (Array.Exists(keep, kept => ReferenceEquals(kept, item)))
            {
                var place = Put(item);
                if (item is torch.Tensor tensor) tensor.ScopePlace = place;
            }
            else
            {
                item.Dispose();
            }
        }
    }
}

public static partial class torch
{
    /// <summary>The innermost scope of this thread; null outside all.</summary>
    public static DisposeScope? CurrentDisposeScope => DisposeScope.Innermost;

    /// <summary>Opens a scope: what is made on this thread from now on is disposed of when it ends.</summary>
    public static DisposeScope NewDisposeScope() => new();

    /// <summary>Runs <paramref name="expr"/> in a scope of its own and saves its result to the scope around it.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        ArgumentNullException.ThrowIfNull(expr);
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }
}
